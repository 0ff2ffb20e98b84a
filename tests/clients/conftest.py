"""A small HTTP server on loopback that answers what a test tells it to and keeps what it got."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from clients.tagsift_client import Tagsift

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
POST = {"id": "p-1", "revision": 1, "hashtags": ["카페"], "images": [{"part": "cup.jpg"}]}
PHOTO = b"\xff\xd8\xff\xe0 not UTF-8 \x00\xfe\r\n--"
TAKEN = {"id": "p-1", "revision": 1, "state": "pending", "status_url": "…"}
OTHER_SECRET = "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
API_KEY = "a-key"


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Platform:
    """The server: ``answers`` are given one after the other, the last one again and again."""

    url: str = ""
    answers: list[tuple[int, Any, dict[str, str]]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        self.answers.append((status, body, headers))

    def next_answer(self) -> tuple[int, Any, dict[str, str]]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def server() -> Iterator[Platform]:
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            platform.received.append(Received(self.command, self.path, headers, body))
            status, answer, extra = platform.next_answer()
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  # http.server's names

        def log_message(self, *_: object) -> None:
            """Tests need no access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        platform.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield platform
        http.shutdown()
        thread.join()


@pytest.fixture
def tagsift(server: Platform) -> Iterator[Tagsift]:
    with Tagsift(server.url, SECRET, API_KEY) as client:
        yield client
