"""What the tests let a sandbox do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def act(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """One of the functions below, by its name."""
    return _ACTS[options["act"]](options, data)


def _echo(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    return {"pid": os.getpid(), "size": len(data), "say": options.get("say")}, [data, b"", data]


def _allocate(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    return {"size": len(bytes(options["bytes"]))}, []


def _hang(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    time.sleep(60)
    return {}, []


def _crash(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}, []


def _raise(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    raise RuntimeError("not foreseen")


def _environ(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    return dict(os.environ), []


def _write(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        Path(options["file"]).write_bytes(b"x")
    except OSError as error:
        return {"error": type(error).__name__}, []
    return {}, []


_ACTS = {
    "echo": _echo,
    "allocate": _allocate,
    "hang": _hang,
    "crash": _crash,
    "raise": _raise,
    "environ": _environ,
    "write": _write,
}
