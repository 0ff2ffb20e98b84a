"""A connection of the buffering worker, and the source from which gunicorn's parser reads."""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from collections import deque
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn

from service.client_address import HOME_BITS
from service.web.incoming import Incoming
from service.web.limits import PLATFORM
from service.web.spool import Spool

RETRY_SECONDS = 5


class Pieces(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """Gives gunicorn's parser what has arrived already; it never waits for a socket."""

    def __init__(self, pieces: deque[bytes] | Spool) -> None:
        super().__init__()
        self._pieces = pieces

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes; none where all are taken."""
        return self._pieces.popleft() if self._pieces else b""

    def rest(self) -> bytes:
        """What belongs to the next request on the connection."""
        rest: bytes = self.take_buffered()
        return rest + b"".join(self._pieces)


class Parser(RequestParser):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's own. It refuses more than h11 does: a body whose length is said twice, say.

    gunicorn would answer that as a page of HTML. So it is told that there is no request, and
    ``has_refused`` says why.
    """

    has_refused = False

    def __next__(self) -> Any:
        """The next request."""
        try:
            return super().__next__()
        except ParseException as error:
            self.has_refused = True
            raise StopIteration from error


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A client's connection: the request that arrives on it, until when, and what it was lent."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, sock, client, server)
        self.address = address_of(client)
        self.incoming = Incoming()
        self.began = time.monotonic()
        self.deadline = self.began
        self.lent = 0  # bytes, of the process' budget
        self.is_lent_all = False
        self.is_partial = False
        self.is_spooled = False
        self.is_leaving = False
        self.is_read = False  # of those that wait: whether their bytes are taken
        self.discarded = 0
        self.send_seconds: float | None = None
        self.data_ready = True

    def expect_request(self, seconds: float) -> None:
        """Begin to wait for a request's headers."""
        self.sock.setblocking(False)
        self.incoming = Incoming()
        self.began = time.monotonic()
        self.deadline = self.began + seconds
        self.is_partial = self.is_lent_all = self.is_spooled = False

    def hand_over(self, send_seconds: float) -> None:
        """Give what has arrived to gunicorn's parser."""
        self.parser = Parser(self.cfg, self.sock, self.client)
        self.parser.unreader = Pieces(self.incoming.pieces)
        self.initialized = True
        self.send_seconds = send_seconds

    def say(self, status: HTTPStatus, detail: str) -> None:
        """Answer without the application, as a problem to a platform, else as a line of text."""
        head = self.incoming.head
        kind, text = "text/plain; charset=utf-8", f"{detail}\n"
        if head is not None and head.path.startswith(PLATFORM):
            kind, text = "application/problem+json", _problem(status, detail, head.path)
        body = text.encode()
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "Connection: close",
        ]
        if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
            lines.append(f"Retry-After: {RETRY_SECONDS}")
        self.sock.send("\r\n".join([*lines, "", ""]).encode() + body)


def address_of(client: Any) -> str:
    """What to count a client by: of IPv6, the network."""
    if not isinstance(client, tuple):  # a Unix socket
        return ""
    address = ipaddress.ip_address(client[0].partition("%")[0])
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, HOME_BITS), strict=False))


def _problem(status: HTTPStatus, detail: str, path: str) -> str:
    code = status.name.lower().replace("_", "-")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        code = "unavailable"
    problem = {
        "type": f"urn:tagsift:problem:{code}",
        "title": status.phrase,
        "status": status.value,
        "code": code,
        "detail": detail,
        "instance": path,
    }
    return json.dumps(problem)
