"""The platform's other side: a server of photographs, and a receiver of callbacks that fails."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any

from benchmarks.chaos.photographs import Photograph, unique
from service.signing import BytesWebhook, as_text
from tests.service.receiver import answer

PIECES = 20
TRICKLE_SECONDS = 2.0
HANG_SECONDS = 60.0


class Photographs:
    """Serves ``/<kind>/<number>``: at once, in small pieces, or never to its end."""

    def __init__(self, photographs: Sequence[Photograph]) -> None:
        self._photographs = photographs

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one GET."""
        _, kind, number = request.path.split("/")
        photograph = self._photographs[int(number) % len(self._photographs)]
        data, _ = unique(photograph, int(number))
        if kind == "fetched":
            answer(request, 200, data)
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        size = len(data) // PIECES + 1
        pause = TRICKLE_SECONDS / PIECES if kind == "trickled" else HANG_SECONDS
        for start in range(0, len(data), size):
            request.wfile.write(data[start : start + size])
            request.wfile.flush()
            time.sleep(pause)


class Receiver:
    """Takes callbacks. ``mood`` says how it fails for the time being: ok, hang, reset or error.

    Only what it answered with 204 counts as received, in the order in which it came.
    """

    def __init__(self, secret: str) -> None:
        self._webhook = BytesWebhook(secret)
        self._lock = threading.Lock()
        self.mood = "ok"
        self.forged = 0
        self.received: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.refused = 0

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one POST, as the mood is."""
        mood = self.mood
        length = int(request.headers["Content-Length"])
        body = request.rfile.read(length)
        if len(body) < length:  # its sender was killed meanwhile
            request.close_connection = True
            return
        if mood != "ok":
            self._fail(request, mood)
            return
        with self._lock:
            try:
                self._webhook.verify(as_text(body), dict(request.headers), json_parse=False)
            except Exception:  # whatever is wrong with it, it is not ours
                self.forged += 1
            content = json.loads(body)
            content["webhook-id"] = request.headers["webhook-id"]
            self.received[content["data"]["id"]].append(content)
        answer(request, 204)

    def _fail(self, request: BaseHTTPRequestHandler, mood: str) -> None:
        with self._lock:
            self.refused += 1
        if mood == "error":
            answer(request, 500)
        elif mood == "reset":
            # A linger of zero seconds makes the close a reset.
            linger = struct.pack("ii", 1, 0)
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            request.close_connection = True
            request.connection.close()
        else:
            end = time.monotonic() + HANG_SECONDS
            while self.mood == mood and time.monotonic() < end:
                time.sleep(0.1)
            request.close_connection = True
