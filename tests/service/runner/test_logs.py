"""Log files do not grow without a bound, while their processes go on writing."""

from __future__ import annotations

import os
from pathlib import Path

from service.runner.logs import rotate
from service.runner.supervise import Command, start

SPEAKER = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    print("a line", flush=True)
    time.sleep(0.002)
print("the last line", flush=True)
"""


def test_a_small_log_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("a line\n")
    assert not rotate(log)
    assert log.read_text() == "a line\n"


def test_a_process_goes_on_in_the_emptied_file(tmp_path: Path) -> None:
    """What is written between copy and emptying may be lost, so the end comes after both."""
    log, end = tmp_path / "web.log", tmp_path / "end"
    process = start(Command("web", ["-c", SPEAKER, str(end)], log), os.environ)
    turns = 0
    while turns < 2:
        turns += rotate(log, most=500)
    end.touch()
    assert process.wait(60) == 0
    assert "\0" not in log.read_text()
    assert log.read_text().endswith("the last line\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["end", "web.log", "web.log.1"]


def test_the_copy_is_as_private_as_the_log(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("x" * 10)
    log.chmod(0o600)
    assert rotate(log, most=5)
    assert (tmp_path / "web.log.1").stat().st_mode & 0o777 == 0o600
