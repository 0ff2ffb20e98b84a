"""A number for each process that records metrics; it is reused when the process has ended.

prometheus_client names its files after process ids, so each process that is started anew would
leave more of them, and ``/metrics`` reads them all. With these numbers there are as many files as
processes ran at once: a new process goes on counting where one that ended stopped.
"""

from __future__ import annotations

import fcntl
import itertools
import os
from pathlib import Path

from prometheus_client import values

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own setting


class Slot:
    """The lowest number that no other process holds, by a file lock that ends with the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pid = -1
        self._lock = -1
        self._number = -1

    def number(self) -> int:
        """This process's number; after a fork, the child takes one of its own."""
        if self._pid != os.getpid():
            self._take()
        return self._number

    def _take(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)  # the parent's, which the parent still holds
        for number in itertools.count():
            lock = os.open(self._folder / f"{number}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                continue
            self._pid, self._lock, self._number = os.getpid(), lock, number
            return


def count_by_slot() -> None:
    """Let metrics that are made from now on write files by number, if processes share a folder."""
    if folder := os.environ.get(FOLDER):
        slot = Slot(Path(folder))
        values.ValueClass = values.MultiProcessValue(slot.number)  # type: ignore[no-untyped-call]
