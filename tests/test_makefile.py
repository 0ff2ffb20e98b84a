"""`make test` runs checks and tests side by side, and fails if either fails. `make setup` goes on
where it was interrupted.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TOOLS = ("python", "ruff", "mypy", "lint-imports", "pytest")


@pytest.fixture
def checkout(tmp_path: Path, repository: Path) -> Path:
    """A folder with our Makefile in which every tool says its name twice and succeeds."""
    shutil.copy(repository / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "installed").touch()
    for tool in TOOLS:
        says(tmp_path, tool, 0)
    return tmp_path


def says(checkout: Path, tool: str, status: int, seconds: float = 0) -> None:
    path = checkout / ".venv" / "bin" / tool
    path.write_text(
        f"#!/bin/sh\necho {tool} begins\nsleep {seconds}\necho {tool} ends\nexit {status}\n"
    )
    path.chmod(0o755)


def make(checkout: Path) -> tuple[int, list[str]]:
    done = subprocess.run(
        ["make", "PYTHON=true", "test"], cwd=checkout, capture_output=True, text=True, check=False
    )
    return done.returncode, [line for line in done.stdout.splitlines() if "s" in line]


def test_it_succeeds_if_all_succeed(checkout: Path) -> None:
    status, lines = make(checkout)
    assert status == 0
    assert {f"{tool} ends" for tool in TOOLS[1:]} <= set(lines)


@pytest.mark.parametrize("tool", TOOLS[1:])
def test_it_fails_if_one_fails(checkout: Path, tool: str) -> None:
    says(checkout, tool, 1)
    status, lines = make(checkout)
    assert status != 0
    assert "pytest ends" in lines


def test_what_checks_print_stays_together(checkout: Path) -> None:
    """Tests begin, checks begin and end, tests end: the checks' lines come in one piece."""
    says(checkout, "pytest", 0, seconds=0.5)
    says(checkout, "mypy", 0, seconds=0.1)
    _, lines = make(checkout)
    of_checks = [place for place, line in enumerate(lines) if "pytest" not in line]
    assert of_checks == list(range(of_checks[0], of_checks[0] + len(of_checks)))


def test_an_environment_that_was_not_finished_is_made_anew(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its Python is there and knows no pip, as after Ctrl-C in the first seconds."""
    installed = checkout / ".venv" / "installed"
    installed.unlink()
    says(checkout, "python", 1)
    python = checkout / "python3.11"
    made = ".venv/bin/python"
    python.write_text(f'#!/bin/sh\n[ "$2" = venv ] || exit 0\ncp "$0" {made}\necho "$@"\n')
    python.chmod(0o755)
    monkeypatch.delenv("MAKEFLAGS", raising=False)  # of the make that runs this test
    done = subprocess.run(
        ["make", f"PYTHON={python}", "setup"], cwd=checkout, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "-m venv .venv" in done.stdout.splitlines()
    assert installed.exists()
