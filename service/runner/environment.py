"""The settings of `make run`: from the caller, from an earlier run, or newly generated."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from service.config import ROOT

FILE = "tagsift.env"
PREFIX = "TAGSIFT_"
ENGINES = ("DATABASE_URL", "REDIS_URL")


def data_folder(environ: Mapping[str, str]) -> Path:
    """The data folder, before any other setting is known."""
    return Path(environ.get("TAGSIFT_DATA") or ROOT / "data").resolve()


def settings(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The settings of this run. Those that an earlier run generated are kept; the caller's take
    precedence.
    """
    values = {k: v for k, v in read(folder / FILE).items() if k not in ENGINES}
    values |= {k: v for k, v in environ.items() if k.startswith(PREFIX) or k in ENGINES}
    values["TAGSIFT_DATA"] = str(folder)
    values.setdefault("TAGSIFT_HOST", "127.0.0.1")
    values.setdefault("TAGSIFT_PORT", "8080")
    values.setdefault("TAGSIFT_SECRET_KEY", secrets.token_hex(32))
    values.setdefault("TAGSIFT_WEBHOOK_SECRETS", webhook_secret())
    values.setdefault("TAGSIFT_API_KEYS", secrets.token_urlsafe(32))
    return values


def webhook_secret() -> str:
    """A new Standard Webhooks secret of 192 random bits."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def read(path: Path) -> dict[str, str]:
    """The ``NAME=value`` lines of a file; none where there is no file."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write settings so that only the owner can read them, all or nothing."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# Written by `make run`. Keep it to yourself: it holds secrets.\n")
        file.writelines(f"{name}={value}\n" for name, value in sorted(values.items()))
    draft.replace(path)
