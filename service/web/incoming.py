"""Parse one HTTP request while it arrives, without sockets or clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from pathlib import Path

import h11

from service.web.spool import Spool

HEAD_BYTES = 64 * 2**10  # of request line and headers
LONGEST_PATH = 4000
# Each chunk costs a tenth of a millisecond, however small it is.
FEW_CHUNKS = 10_000
LEAST_CHUNK_BYTES = 256  # of more chunks, on an average


class Arrival(Enum):
    """The progress of a request."""

    HEAD = "its headers are not whole yet"
    BODY = "its headers are whole, its body is not"
    WHOLE = "all of it is there"
    BROKEN = "it is no HTTP/1.1 request"


@dataclass(frozen=True)
class Head:
    """The parsed headers. ``length`` is None for a chunked body; names are in lower case."""

    method: str
    path: str
    query: str
    headers: frozenset[str]
    length: int | None
    expects_continue: bool


class Incoming:
    """Takes bytes as they come and says how far the request has come.

    h11 judges where headers, chunks and body end. The bytes are kept as they are, in ``pieces``,
    for the server's own parser; those of a large body may be moved to a ``Spool``.
    """

    def __init__(self) -> None:
        self.pieces: deque[bytes] | Spool = deque()
        self.arrival = Arrival.HEAD
        self.head: Head | None = None
        self.status = HTTPStatus.BAD_REQUEST  # to answer a broken request with
        self.received = 0  # bytes of all pieces
        self._chunks = 0
        self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)

    def feed(self, data: bytes) -> Arrival:
        """Take more bytes. What comes after the request's end belongs to the next one."""
        self.pieces.append(data)
        self.received += len(data)
        if self.arrival in {Arrival.HEAD, Arrival.BODY}:
            try:
                self._connection.receive_data(data)
                self._look()
            except h11.RemoteProtocolError as error:
                self.arrival = Arrival.BROKEN
                self.status = HTTPStatus(error.error_status_hint)
        return self.arrival

    def spool(self, folder: Path) -> None:
        """Keep the pieces on disk from now on.

        Raises:
            OSError: the disk is full or gone; ``feed`` may raise it, too.
        """
        self.pieces = Spool(folder, self.pieces)

    def _look(self) -> None:
        while True:
            event = self._connection.next_event()
            if isinstance(event, h11.Request):
                self.head = _read_head(event)
                self.arrival = Arrival.BODY
            elif isinstance(event, h11.EndOfMessage):
                self.arrival = Arrival.WHOLE
                return
            elif not isinstance(event, h11.Data):  # h11.NEED_DATA, or the sender is gone
                return
            else:
                self._count(event)

    def _count(self, event: h11.Data) -> None:
        self._chunks += event.chunk_start
        if self._chunks > FEW_CHUNKS + self.received // LEAST_CHUNK_BYTES:
            raise h11.RemoteProtocolError("too many chunks")


def _read_head(request: h11.Request) -> Head:
    headers = dict(request.headers)
    chunked = b"transfer-encoding" in headers
    path, _, query = request.target.partition(b"?")
    return Head(
        method=request.method.decode("ascii"),
        path=path[:LONGEST_PATH].decode("ascii"),
        query=query[:LONGEST_PATH].decode("ascii"),
        headers=frozenset(name.decode("ascii") for name in headers),
        length=None if chunked else int(headers.get(b"content-length", b"0")),
        expects_continue=headers.get(b"expect", b"").lower() == b"100-continue",
    )
