"""Messages between a process and its sandboxed children: JSON, then bytes, with their lengths.

Not pickle: a child whose decoder was exploited must not be able to run code in its parent.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

_LENGTHS = struct.Struct(">IQ")
MOST_HEADER = 2**16
MOST_BYTES = 2**28

Message = tuple[dict[str, Any], list[bytes]]


def send(channel: socket.socket, values: Mapping[str, Any], parts: Sequence[bytes] = ()) -> None:
    """Write one message. The socket's timeout counts for the whole of it."""
    header = json.dumps({"values": values, "parts": [len(part) for part in parts]}).encode()
    channel.sendall(_LENGTHS.pack(len(header), sum(len(part) for part in parts)) + header)
    for part in parts:
        channel.sendall(part)


def receive(channel: socket.socket, deadline: float | None = None) -> Message:
    """Read one message.

    Args:
        channel: a stream socket.
        deadline: when to give up, on the clock of ``time.monotonic``; None: never.

    Raises:
        TimeoutError: it did not come in time.
        EOFError: the peer is gone.
        ValueError: it is not a valid message.
    """
    header_bytes, total = _LENGTHS.unpack(_read(channel, _LENGTHS.size, deadline))
    if header_bytes > MOST_HEADER or total > MOST_BYTES:
        raise ValueError("The message is too large.")
    header = json.loads(bytes(_read(channel, header_bytes, deadline)))
    if sum(header["parts"]) != total or min(header["parts"], default=0) < 0:
        raise ValueError("The message's lengths contradict each other.")
    return header["values"], [bytes(_read(channel, size, deadline)) for size in header["parts"]]


def _read(channel: socket.socket, size: int, deadline: float | None) -> bytearray:
    found = bytearray(size)
    view, had = memoryview(found), 0
    while had < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            channel.settimeout(left)
        got = channel.recv_into(view[had:])
        if not got:
            raise EOFError
        had += got
    return found
