"""Real servers on loopback: one that gives out photographs, one that takes callbacks."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from service.signing import BytesWebhook, as_text

Handler = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serve(get: Handler | None = None, post: Handler | None = None) -> Iterator[str]:
    """A server on a free port; yields its address."""

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            assert get
            get(self)

        def do_POST(self) -> None:
            assert post
            post(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that hangs up early is what some tests are about

    with Server(("127.0.0.1", 0), Requests) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def answer(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """A whole answer with its length."""
    request.send_response(status)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


def drip(request: BaseHTTPRequestHandler, seconds: float) -> None:
    """A byte now and then."""
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        request.wfile.write(b"x")
        time.sleep(0.05)


class Receiver:
    """Takes callbacks, checks their signatures, and counts them by delivery id."""

    def __init__(self, secret: str) -> None:
        self._webhook = BytesWebhook(secret)
        self._lock = threading.Lock()
        self.ids: Counter[str] = Counter()
        self.bodies: list[dict[str, Any]] = []
        self.forged = 0
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers["Content-Length"])
        body = request.rfile.read(length)
        if len(body) < length:  # its sender was killed meanwhile
            request.close_connection = True
            return
        with self._lock:
            try:
                self._webhook.verify(as_text(body), dict(request.headers), json_parse=False)
            except Exception:  # whatever is wrong with it, it is not ours
                self.forged += 1
            self.ids[request.headers["webhook-id"]] += 1
            self.bodies.append(json.loads(body))
            status = self.statuses.pop(0) if self.statuses else 204
        answer(request, status, b"", **self.headers)
