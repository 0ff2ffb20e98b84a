"""The client finds the service by the file that `make run` writes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.environment import connect
from clients.tagsift_client import TagsiftError

from .conftest import OTHER_SECRET, SECRET

NOBODY = 65534


def test_settings_come_from_the_file_that_make_run_writes(tmp_path: Path) -> None:
    env = tmp_path / "tagsift.env"
    env.write_text(
        "# a comment=with a sign\nTAGSIFT_HOST=0.0.0.0\nTAGSIFT_PORT=9000\n"
        f"TAGSIFT_WEBHOOK_SECRETS={SECRET}, {OTHER_SECRET}\nTAGSIFT_API_KEYS=key=with=signs,k2\n"
    )
    with connect(env) as tagsift:
        assert tagsift.base_url == "http://127.0.0.1:9000"
        assert tagsift.secret == SECRET
        assert tagsift.api_key == "key=with=signs"


@pytest.mark.parametrize("host", ["::1", "::"])
def test_an_ipv6_address_is_called_in_brackets(tmp_path: Path, host: str) -> None:
    env = tmp_path / "tagsift.env"
    env.write_text(
        f"TAGSIFT_HOST={host}\nTAGSIFT_PORT=9000\n"
        f"TAGSIFT_WEBHOOK_SECRETS={SECRET}\nTAGSIFT_API_KEYS=k\n"
    )
    with connect(env) as tagsift:
        assert tagsift.base_url == "http://[::1]:9000"


def test_a_public_address_is_preferred(tmp_path: Path) -> None:
    env = tmp_path / "tagsift.env"
    env.write_text(
        "TAGSIFT_PUBLIC_URL=https://tagsift.example\n"
        f"TAGSIFT_WEBHOOK_SECRETS={SECRET}\nTAGSIFT_API_KEYS=k\n"
    )
    with connect(env) as tagsift:
        assert tagsift.base_url == "https://tagsift.example"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read .*run `make run` once"),
        (b"\x8a", "is no text: name the tagsift.env of a data folder"),
        ("TAGSIFT_API_KEYS=k\n", "lacks TAGSIFT_WEBHOOK_SECRETS"),
        (f"TAGSIFT_WEBHOOK_SECRETS={SECRET}\nTAGSIFT_API_KEYS= , \n", "lacks .*TAGSIFT_API_KEYS"),
    ],
)
def test_settings_that_will_not_do(tmp_path: Path, text: str | bytes | None, message: str) -> None:
    env = tmp_path / "tagsift.env"
    if text is not None:
        env.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TagsiftError, match=message):
        connect(env)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(TagsiftError, match=r"cannot be read .*: name the tagsift\.env of a data"):
        connect(tmp_path)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A file that this user cannot read; root, who could, is somebody else meanwhile."""
    env = tmp_path / "tagsift.env"
    env.touch(mode=0)
    user = os.geteuid()
    os.seteuid(user or NOBODY)
    yield env
    os.seteuid(user)


def test_another_users_file_is_theirs_to_give(closed: Path) -> None:
    with pytest.raises(TagsiftError, match=r"cannot be read .*: ask its owner"):
        connect(closed)
