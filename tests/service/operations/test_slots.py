"""Processes share the files of what they count, however often they are started anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

# Counts once, forks children that each count twice, and waits for a line while all of them live.
COUNTING = """
import os, sys
from service.operations.metrics import SCREENING_FAILURES
SCREENING_FAILURES.inc()
said, say = os.pipe()
hold, release = os.pipe()
for _ in range(int(sys.argv[1])):
    if os.fork() == 0:
        os.close(release)
        SCREENING_FAILURES.inc()
        os.write(say, b".")
        os.read(hold, 1)
        SCREENING_FAILURES.inc()
        os._exit(0)
for _ in range(int(sys.argv[1])):
    os.read(said, 1)
print("counted", flush=True)
sys.stdin.readline()
os.close(release)
for _ in range(int(sys.argv[1])):
    os.wait()
SCREENING_FAILURES.inc()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _start(folder: Path, repository: Path, children: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTING, str(children)],
        cwd=repository,
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def _counted(folder: Path) -> float:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return registry.get_sample_value("tagsift_screening_failures_total") or 0.0


def test_processes_that_run_at_once_have_files_of_their_own_and_nothing_is_lost(
    folder: Path, repository: Path
) -> None:
    at_once = [_start(folder, repository, children=3) for _ in range(2)]
    assert _counted(folder) == 2 * (1 + 3)
    for process in at_once:
        process.communicate("\n")
    assert _counted(folder) == 2 * (1 + 2 * 3 + 1)
    assert len(list(folder.glob("counter_*.db"))) == 2 * (1 + 3)


def test_a_process_that_is_started_anew_goes_on_in_the_files_of_one_that_ended(
    folder: Path, repository: Path
) -> None:
    for _ in range(3):
        _start(folder, repository, children=2).communicate("\n")
    assert _counted(folder) == 3 * (1 + 2 * 2 + 1)
    assert len(list(folder.glob("counter_*.db"))) == 1 + 2


def test_a_process_that_is_killed_gives_its_number_back(folder: Path, repository: Path) -> None:
    killed = _start(folder, repository, children=0)
    killed.kill()
    killed.communicate()
    _start(folder, repository, children=0).communicate("\n")
    assert _counted(folder) == 1 + 2
    assert len(list(folder.glob("counter_*.db"))) == 1
