"""What the tests cost: processor seconds of each test file, with every process that it starts.

    python -m benchmarks.suite                # all of them, in one process
    python -m benchmarks.suite tests/rules    # some of them

Processor seconds hold where the machine has other work; seconds by the clock do not. What the
tests start counts as well: PostgreSQL, Redis, Chromium, gunicorn, workers. A fixture that several
files share counts for the file that asks for it first.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
TICKS = os.sysconf("SC_CLK_TCK")
SLOWEST = 30  # single tests that are listed


class Meter:
    """A plugin of pytest: notes what the whole tree of processes used during each test."""

    def __init__(self, root: int) -> None:
        self.root = root
        self.tests: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Measure before and after the test, with its fixtures."""
        before = used(self.root)
        result = yield
        self.tests[item.nodeid] += used(self.root) - before
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print both tables after pytest's own summary."""
        files: dict[str, float] = defaultdict(float)
        for test, seconds in self.tests.items():
            files[test.partition("::")[0]] += seconds
        files["collection and the end"] = used(self.root) - sum(files.values())
        rows = ["| file | processor, s |", "| --- | ---: |"]
        rows += [f"| {name} | {seconds:.1f} |" for name, seconds in ranked(files)]
        rows += [
            f"| **all** | **{sum(files.values()):.0f}** |",
            "",
            "The tests that cost the most:",
        ]
        rows += [f"{cost:7.1f} s  {test}" for test, cost in ranked(self.tests)[:SLOWEST]]
        terminalreporter.write_line("\n".join(rows))


def ranked(costs: dict[str, float]) -> list[tuple[str, float]]:
    """What costs the most first."""
    return sorted(costs.items(), key=lambda item: -item[1])


def used(root: int) -> float:
    """Processor seconds of a process and all below it, those that have ended included."""
    parents: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            text = (entry / "stat").read_text()
        except OSError:  # it ended meanwhile
            continue
        fields = text.rpartition(")")[2].split()  # proc(5): the state, the parent, …
        parents.setdefault(int(fields[1]), []).append(int(entry.name))
        ticks[int(entry.name)] = sum(int(field) for field in fields[11:15])
    total, below = 0, [root]
    while below:
        one = below.pop()
        total += ticks.get(one, 0)
        below += parents.get(one, [])
    return total / TICKS


def main(arguments: list[str]) -> int:
    """Run pytest and print what it cost."""
    # Servers leave their parents. This process adopts them, and is told what they used.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    command = [sys.executable, "-c", _RUN, str(os.getpid()), "-q", *arguments]
    tests = subprocess.Popen(command)  # noqa: S603  # the caller's own tests
    status = None
    while status is None:
        ended, code = os.wait()  # reaps the adopted ones as well
        if ended == tests.pid:
            status = os.waitstatus_to_exitcode(code)
    print(f"{time.monotonic() - began:.0f} s by the clock, {used(os.getpid()):.0f} s of processors")
    return status


_RUN = """
import sys
import pytest
from benchmarks.suite import Meter
sys.exit(pytest.main(sys.argv[2:], plugins=[Meter(int(sys.argv[1]))]))
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
