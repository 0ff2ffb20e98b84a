"""The service that `make run` started, by the file that it writes."""

from __future__ import annotations

from pathlib import Path

from clients.tagsift_client import Tagsift, TagsiftError


def connect(path: Path) -> Tagsift:
    """The service that a ``tagsift.env`` file tells of.

    Raises:
        TagsiftError: the file cannot be read, or a setting is not in it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        ways_out = {FileNotFoundError: "run `make run` once", PermissionError: "ask its owner"}
        way_out = ways_out.get(type(error), "name the tagsift.env of a data folder")
        raise TagsiftError(f"{path} cannot be read ({error.strerror}): {way_out}.") from None
    except UnicodeDecodeError:
        raise TagsiftError(f"{path} is no text: name the tagsift.env of a data folder.") from None
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    values = {name.strip(): value.strip() for name, value in pairs}
    secrets, keys = (
        [part.strip() for part in values.get(name, "").split(",") if part.strip()]
        for name in ("TAGSIFT_WEBHOOK_SECRETS", "TAGSIFT_API_KEYS")
    )
    if not secrets or not keys:
        raise TagsiftError(f"{path} lacks TAGSIFT_WEBHOOK_SECRETS or TAGSIFT_API_KEYS.")
    host = values.get("TAGSIFT_HOST", "127.0.0.1")
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # not bound, called
    host = f"[{host}]" if ":" in host else host
    local = f"http://{host}:{values.get('TAGSIFT_PORT', '8080')}"
    return Tagsift(values.get("TAGSIFT_PUBLIC_URL") or local, secrets[0], keys[0])
