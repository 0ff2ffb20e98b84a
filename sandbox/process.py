"""One child process, and the socket to it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.errors import StartError
from sandbox.wire import Message, receive, send

START_SECONDS = 60.0  # a tenth of one on an idle machine
ROOT = Path(__file__).resolve().parent.parent

# A child keeps so much freed memory for its next call: what an ordinary photograph takes. Having it
# anew from the system, page by page, is a third of decoding one.
KEPT_BYTES = 16 * 2**20
# Nothing of the parent's environment, which holds secrets. glibc gives other freed memory back at
# once, and keeps one heap for all threads of a decoder.
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(KEPT_BYTES // 2),
    "MALLOC_TRIM_THRESHOLD_": str(KEPT_BYTES),
}


class Process:
    """A child that runs one function, one call at a time."""

    def __init__(self, function: str, memory: int) -> None:
        """Raises StartError where it cannot be started."""
        try:
            self._channel, self._child = _start(function, memory)
        except OSError as error:
            raise StartError(f"A child process cannot be started: {error}.") from error
        _all.add(self)
        # Runs when this process ends, or when nothing refers to the child any more.
        self._finalizer = weakref.finalize(self, _end, self._child, self._channel)
        self._wait_until_ready()

    def is_alive(self) -> bool:
        """Whether it can be called."""
        return self._child.poll() is None

    def call(self, options: Mapping[str, Any], data: bytes, seconds: float) -> Message:
        """The function's result. After an error the child is gone.

        Raises:
            TimeoutError: none came in time.
            MemoryError: the function exceeded its memory.
            EOFError, OSError, ValueError: the child ended, or answered nonsense.
        """
        try:
            deadline = time.monotonic() + seconds
            self._channel.settimeout(seconds)
            send(self._channel, {"options": dict(options), "seconds": seconds}, [data])
            answer, parts = receive(self._channel, deadline)
            if answer.get("failed"):
                raise MemoryError
            return answer.get("result", {}), parts
        except BaseException:
            self.end()
            raise

    def _wait_until_ready(self) -> None:
        try:
            receive(self._channel, time.monotonic() + START_SECONDS)
        except (OSError, EOFError, ValueError) as error:
            self.end()
            raise StartError(f"A child process did not start: {error!r}.") from error

    def end(self) -> None:
        """Kill it, whatever it is doing."""
        self._finalizer()

    def leave(self) -> None:
        """Drop it in a forked process, because it is the parent's child."""
        self._finalizer.detach()
        self._channel.close()
        self._child.returncode = 0  # subprocess would wait for it


def _start(function: str, memory: int) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    with theirs:
        # -s -E: neither the user's packages nor the environment's settings for Python.
        python = (sys.executable, "-s", "-E", "-m", "sandbox.child")
        try:
            # A plain child, not one of multiprocessing: Celery's own processes may have none.
            child = subprocess.Popen(  # noqa: S603  # our own command, and no shell
                [*python, str(theirs.fileno()), function, str(memory)],
                cwd=ROOT,
                env=ENVIRONMENT,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            ours.close()
            raise
    return ours, child


_all: weakref.WeakSet[Process] = weakref.WeakSet()


def leave_all() -> None:
    """In a forked process: leave every child to the process that started it.

    If the socket stayed open here, the child would not notice that its parent ended.
    """
    for process in list(_all):
        process.leave()
    _all.clear()


def _end(child: subprocess.Popen[bytes], channel: socket.socket) -> None:
    channel.close()
    child.kill()
    child.wait()
