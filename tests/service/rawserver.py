"""A server on loopback that says whatever bytes a test wants, at whatever pace."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Talk = Callable[[socket.socket], None]


@contextmanager
def serve_raw(talk: Talk) -> Iterator[str]:
    """Run ``talk`` on each connection, in a thread of its own; yields the address to ask."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    over = threading.Event()

    def one(connection: socket.socket) -> None:
        # A client that hangs up early is what the tests are about.
        with connection, suppress(OSError):
            talk(connection)

    def accept() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()


def read_request(connection: socket.socket) -> bytes:
    """A whole request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(fields.get(b"content-length", b"0")):
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the client is gone")
    return data
