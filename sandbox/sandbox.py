"""A pool of child processes for one function, shared by all threads of a process."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Mapping
from queue import LifoQueue
from typing import Any

from sandbox.errors import CrashedError, OutOfMemoryError, OutOfTimeError, SandboxError
from sandbox.process import Process, leave_all
from sandbox.wire import Message


class Sandbox:
    """Runs ``module:function`` in at most ``processes`` children of ``memory`` bytes each.

    The function takes a mapping and bytes, and returns a mapping and a list of bytes; both mappings
    are JSON. ``memory`` is for the call itself; what a child uses at its start comes on top. A
    child starts when it is first needed, serves one call at a time, and is replaced when it fails.
    A forked process has children of its own.
    """

    def __init__(self, function: str, processes: int, memory: int) -> None:
        self._function = function
        self._processes = processes
        self._memory = memory
        self._begin()
        _all.add(self)

    def call(self, options: Mapping[str, Any], data: bytes, seconds: float) -> Message:
        """The function's result. The time limit begins when a child is free; waiting for one does
        not count.

        Raises:
            OutOfTimeError, OutOfMemoryError, CrashedError: the call failed.
            StartError: no child could be started, which says nothing of the bytes.
        """
        idle = self._idle
        process, left = idle.get(), seconds
        failure: type[SandboxError] = CrashedError
        try:
            # Try twice: a child may have been killed because the system was short of memory, or
            # have leaked memory itself, which says nothing about these bytes.
            for _ in range(2):
                if process is None or not process.is_alive():
                    process = Process(self._function, self._memory)
                start = time.monotonic()
                try:
                    return process.call(options, data, left)
                except TimeoutError:
                    raise OutOfTimeError from None
                except MemoryError:
                    failure = OutOfMemoryError
                except (EOFError, OSError, ValueError):
                    failure = CrashedError
                left = max(left - (time.monotonic() - start), 0.001)
            raise failure
        finally:
            idle.put(process)

    def close(self) -> None:
        """End the children. A later call starts others."""
        for process in [self._idle.get() for _ in range(self._processes)]:
            if process is not None:
                process.end()
            self._idle.put(None)

    def _begin(self) -> None:
        # The child used last is taken first, so that a process with little to do starts one only.
        self._idle: LifoQueue[Process | None] = LifoQueue()
        for _ in range(self._processes):
            self._idle.put(None)

    def forget(self) -> None:
        """Start afresh in a forked process, because the children belong to the parent."""
        self._begin()


_all: weakref.WeakSet[Sandbox] = weakref.WeakSet()


def _forget_all() -> None:
    leave_all()
    for sandbox in list(_all):
        sandbox.forget()


os.register_at_fork(after_in_child=_forget_all)
