"""What the tests cost: seconds by the clock, and of processors in every process they start.

    python -m benchmarks.suite                # as ``make test`` runs them
    python -m benchmarks.suite tests/rules    # some of them, in one process

Processor seconds tell more than the clock where the machine has other work. They hold whatever
the tests start: PostgreSQL, Redis, Chromium, workers.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
ALL = ["-n", "2", "--dist", "loadscope"]
PATIENCE_SECONDS = 30  # for engines that end after the tests


def main(tests: list[str]) -> int:
    """Run pytest and print what it cost."""
    # Servers leave their parents; as their reaper this process is told what they used.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "--durations=20", *(tests or ALL)]
    status = subprocess.run(command, check=False).returncode  # noqa: S603  # the caller's own tests
    clock = time.monotonic() - began
    _reap_orphans()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("| clock, s | user, s | system, s | processors, s |")
    print("| ---: | ---: | ---: | ---: |")
    both = used.ru_utime + used.ru_stime
    print(f"| {clock:.0f} | {used.ru_utime:.0f} | {used.ru_stime:.0f} | {both:.0f} |")
    return status


def _reap_orphans() -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            time.sleep(0.05)
    print("Some processes did not end; what they used is not in the figures.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
