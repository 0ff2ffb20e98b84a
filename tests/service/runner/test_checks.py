"""What keeps the service from starting is said in a sentence."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from service.live_versions import Kind, make_live
from service.parts import Parts
from service.runner import checks
from service.runner.checks import check_bundle, check_folder, check_port, read_port
from service.runner.errors import StartError

NOBODY = 54321


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartError, match=r"Port \d+ on 127.0.0.1 .*TAGSIFT_PORT"):
            check_port("127.0.0.1", other.getsockname()[1])


def test_a_free_port_passes() -> None:
    check_port("127.0.0.1", 0)


@pytest.mark.parametrize("text", ["99999", "0", "-1", "http"])
def test_what_is_no_port_is_named(text: str) -> None:
    with pytest.raises(StartError, match=f"TAGSIFT_PORT is '{text}'; it must be a number from 1"):
        read_port(text)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(StartError, match=r"192\.0\.2\.1"):
        check_port("192.0.2.1", 8080)


def test_a_file_in_the_data_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    with pytest.raises(StartError, match="TAGSIFT_DATA"):
        check_folder(tmp_path / "data")


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "FREE_MEGABYTES", 10**9)  # no disk has this much free
    with pytest.raises(StartError, match="MB are needed"):
        check_folder(tmp_path)


def test_what_another_user_runs_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    with pytest.raises(StartError, match=rf"you are user {NOBODY}: run it as .*TAGSIFT_DATA"):
        check_folder(tmp_path)


def test_root_may_use_another_users_folder_but_not_another_users_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tmp_path / "run.lock"
    held.touch()
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, -1)
        os.chown(held, NOBODY, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(StartError, match=r"and you are root: run it as .*TAGSIFT_DATA"):
        check_folder(tmp_path)
    held.unlink()
    check_folder(tmp_path)


def test_a_configured_bundle_that_is_there_passes(parts: Parts) -> None:
    check_bundle(parts.sessions.kw["bind"], parts.config.bundle)


def test_a_configured_bundle_that_is_not_there_is_named_with_the_way_out(
    parts: Parts, tmp_path: Path
) -> None:
    with pytest.raises(StartError, match=rf"{tmp_path} cannot be used.* Set TAGSIFT_BUNDLE"):
        check_bundle(parts.sessions.kw["bind"], tmp_path)


def test_what_is_live_counts_and_not_what_is_configured(parts: Parts, tmp_path: Path) -> None:
    with parts.sessions.begin() as session:
        make_live(session, Kind.BUNDLE, str(tmp_path))
    with pytest.raises(StartError, match=rf"{tmp_path} cannot be used.* Put it back"):
        check_bundle(parts.sessions.kw["bind"], parts.config.bundle)
