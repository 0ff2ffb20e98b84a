from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.runner.alone import alone
from service.runner.engines import free_port
from service.runner.errors import StartError


def test_a_folder_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    said = f"is running with the data folder {tmp_path}: stop it"
    with alone(tmp_path), pytest.raises(StartError, match=said), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_what_a_process_starts_does_not_hold_it(tmp_path: Path) -> None:
    with alone(tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with alone(tmp_path):
            pass
    finally:
        child.communicate(b"\n")


def test_a_second_service_touches_nothing_of_the_first(tmp_path: Path, repository: Path) -> None:
    """On another port, so that only the folder tells; two seconds for a process of its own."""
    env = tmp_path / "tagsift.env"
    env.write_text("# of the first\n")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TAGSIFT_")}
    environ |= {"TAGSIFT_DATA": str(tmp_path), "TAGSIFT_PORT": str(free_port())}
    with alone(tmp_path):
        second = subprocess.run(
            [sys.executable, "-m", "service", "run"],
            cwd=repository,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
    assert second.returncode == 1
    assert second.stderr == (
        f"Error: Another Tagsift is running with the data folder {tmp_path}: stop it, or set "
        "TAGSIFT_DATA to another folder.\n"
    )
    assert env.read_text() == "# of the first\n"
    assert not (tmp_path / "postgres").exists()
