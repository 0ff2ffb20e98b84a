"""What keeps the service from starting is said in a sentence."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from service.runner import checks
from service.runner.checks import check_folder, check_port
from service.runner.errors import StartError


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartError, match=r"Port \d+ on 127.0.0.1 .*TAGSIFT_PORT"):
            check_port("127.0.0.1", other.getsockname()[1])


def test_a_free_port_passes() -> None:
    check_port("127.0.0.1", 0)


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
