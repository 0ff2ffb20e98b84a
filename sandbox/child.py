"""``python -m sandbox.child FD MODULE:FUNCTION MEMORY``: runs a function again and again.

It ends when its parent does, because the socket closes. While it works, a kernel timer limits it,
even if its parent was killed meanwhile.
"""

from __future__ import annotations

import importlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sandbox.wire import Message, receive, send

Function = Callable[[Mapping[str, Any], bytes], Message]

GRACE_SECONDS = 1.0  # the parent ends a child in time, and the kernel if there is no parent


def main(arguments: list[str]) -> None:
    """Answer messages until the parent is gone."""
    descriptor, target, memory = arguments
    channel = socket.socket(fileno=int(descriptor))
    module, _, name = target.partition(":")
    function: Function = getattr(importlib.import_module(module), name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's terminal is not ours
    _limit(int(memory))
    send(channel, {"ready": True})
    while True:
        try:
            values, parts = receive(channel)
        except EOFError:
            return
        # Not even a decoder that never returns to Python can go on after this signal.
        signal.setitimer(signal.ITIMER_REAL, values["seconds"] + GRACE_SECONDS)
        try:
            result, blobs = function(values["options"], parts[0])
        except MemoryError:
            send(channel, {"failed": "memory"})
        else:
            send(channel, {"result": result}, blobs)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit(memory: int) -> None:
    """From here on, limit additional address space and forbid writing files and dumping core."""
    for which, most in (
        (resource.RLIMIT_AS, _address_space() + memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(which, (most, most))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux
        return 2**28
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main(sys.argv[1:])
