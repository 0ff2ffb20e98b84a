"""What the platform of `make chaos` makes of a callback."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import httpx

from benchmarks.chaos.peers import Receiver
from clients.tagsift_client import sign
from tests.service.receiver import serve

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"data": {"id": "p-1"}}'


def test_a_callback_whose_sender_was_killed_half_way_is_no_forgery() -> None:
    receiver = Receiver(SECRET)
    with serve(post=receiver) as url:
        at = urlsplit(url)
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n".encode()
        with socket.create_connection((at.hostname, at.port)) as sender:
            sender.sendall(head + BODY[:5])
            sender.shutdown(socket.SHUT_WR)
            assert sender.recv(100) == b""
        assert (receiver.forged, dict(receiver.received)) == (0, {})
        assert httpx.post(url, content=BODY, headers=sign(SECRET, "m-1", BODY)).status_code == 204
        assert (receiver.forged, list(receiver.received)) == (0, ["p-1"])
        httpx.post(url, content=BODY, headers=sign(SECRET, "m-1", b"another"))
        assert receiver.forged == 1
