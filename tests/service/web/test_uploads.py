"""An upload at the real gunicorn: it holds no thread while it comes and no memory, and is refused
by its headers where it can be."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.service.web.conftest import PATIENCE_SECONDS, UPLOAD_BYTES, Server, read_all

pytestmark = pytest.mark.slow

MOST_MEGABYTES = 16  # that the processes may take for one, whatever its length
SURELY_STUCK_SECONDS = 0.5  # less than a client is given to look at its answer
THREADS = 16  # of both processes
MP4 = b"\0\0\0\x18ftypisom"


def begin(server: Server, bearer: dict[str, str], size: int) -> str:
    """Announce a video; the path and query to put it to."""
    sent = {"filename": "a.mp4", "content_type": "video/mp4", "size": size}
    answer = httpx.post(f"{server.url}/v1/uploads", json=sent, headers=bearer)
    assert answer.status_code == 201, answer.text
    url = urlsplit(answer.json()["url"])
    return f"{url.path}?{url.query}"


def head(path: str, *lines: str) -> bytes:
    first = [f"PUT {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: video/mp4", *lines]
    return "\r\n".join([*first, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def pieces(size: int) -> Iterator[bytes]:
    piece = os.urandom(2**18)
    yield MP4.ljust(2**18, b"\0")
    for _ in range(size // 2**18 - 1):
        yield piece


def resident(server: Server) -> int:
    """Bytes of all web processes."""
    return sum(child.memory_info().rss for child in psutil.Process(server.pid).children())


def stored(folder: Path) -> list[int]:
    """The lengths of what lies in the image store, drafts too."""
    return sorted(file.stat().st_size for file in (folder / "images").rglob("*") if file.is_file())


def test_a_large_upload_takes_no_memory_and_leaves_one_file(
    server: Server, folder: Path, bearer: dict[str, str]
) -> None:
    for _ in range(4):  # loads what any upload needs, most likely in both processes
        warm = begin(server, bearer, 2**18)
        httpx.put(server.url + warm, content=pieces(2**18), headers={"Content-Length": str(2**18)})
    path = begin(server, bearer, UPLOAD_BYTES)
    before = highest = resident(server)

    def watched() -> Iterator[bytes]:
        nonlocal highest
        for piece in pieces(UPLOAD_BYTES):
            yield piece
            highest = max(highest, resident(server))

    kept, length = stored(folder), {"Content-Length": str(UPLOAD_BYTES)}
    with httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS) as client:
        answer = client.put(path, content=watched(), headers=length)
    highest = max(highest, resident(server))
    assert (answer.status_code, answer.json()["state"]) == (200, "stored")
    assert (highest - before) >> 20 < MOST_MEGABYTES
    assert stored(folder) == [*kept, UPLOAD_BYTES]
    assert list((folder / "spool").iterdir()) == [], "it has no name there"


def test_slow_uploads_hold_no_thread(server: Server, bearer: dict[str, str]) -> None:
    with ExitStack() as stack:
        for _ in range(2 * THREADS):
            sock = stack.enter_context(server.connect())
            sock.sendall(head(begin(server, bearer, 100_000), "Content-Length: 100000") + MP4)
        assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200


def test_a_sender_that_goes_away_leaves_nothing(
    server: Server, folder: Path, bearer: dict[str, str]
) -> None:
    before = stored(folder)
    path = begin(server, bearer, 300_000)
    with server.connect() as sock:
        sock.sendall(head(path, "Content-Length: 300000") + MP4.ljust(200_000))
    whole = head(path, "Content-Length: 300000", "Connection: close") + MP4.ljust(300_000)
    assert status(server.ask(whole)) == 200
    assert stored(folder) == sorted([*before, 300_000])


@pytest.mark.parametrize(
    ("change", "lines", "expected"),
    [
        (lambda path: path + "x", ["Content-Length: 900000"], (403, b"bad-upload-url")),
        (
            lambda path: path.replace("/content", "x/content"),
            ["Content-Length: 900000"],
            (403, b"bad-upload-url"),
        ),
        (lambda path: path, ["Content-Length: 900001"], (413, b"upload-too-large")),
        (lambda path: path, [f"Content-Length: {10**15}"], (413, b"upload-too-large")),
        (lambda path: path, ["Content-Length: 1"], (400, b"wrong-length")),
        (lambda path: path, ["Content-Length: 0"], (400, b"wrong-length")),
        (lambda path: path, ["Transfer-Encoding: chunked"], (411, b"length-required")),
    ],
)
def test_what_is_refused_by_its_headers_is_not_waited_for(
    server: Server, bearer: dict[str, str], change: Any, lines: list[str], expected: Any
) -> None:
    path = change(begin(server, bearer, 900_000))
    answer = server.ask(head(path, *lines, "Connection: close"))
    assert (status(answer), expected[1] in answer) == (expected[0], True), answer
    assert b"application/problem+json" in answer


def test_whoever_writes_as_long_as_somebody_reads_finds_the_answer(
    server: Server, bearer: dict[str, str]
) -> None:
    # As nginx does, which gives its client 502 where the connection breaks before it looks.
    path = begin(server, bearer, 900_000)
    with server.connect() as sock:
        sock.sendall(head(f"{path}x", f"Content-Length: {10**12}"))
        piece = bytes(2**20)
        while select.select([], [sock], [], SURELY_STUCK_SECONDS)[1]:
            sock.send(piece)
        answer = read_all(sock)
    assert status(answer) == 403
    assert b"bad-upload-url" in answer


def test_a_client_that_waits_to_be_told_to_go_on_is_told(
    server: Server, bearer: dict[str, str]
) -> None:
    path = begin(server, bearer, 100_000)
    with server.connect() as sock:
        sock.sendall(head(path, "Content-Length: 100000", "Expect: 100-continue"))
        assert sock.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(MP4.ljust(100_000))
        assert status(read_all(sock)) == 200, "and the connection is closed"


def test_more_than_the_disk_shall_hold_is_sent_again_later(
    server: Server, bearer: dict[str, str]
) -> None:
    """Each of both processes holds two such uploads, of one address one."""
    lines = (f"Content-Length: {UPLOAD_BYTES}", "Expect: 100-continue")
    with ExitStack() as stack:
        answers = []
        for _ in range(3):
            sock = stack.enter_context(server.connect())
            sock.sendall(head(begin(server, bearer, UPLOAD_BYTES), *lines))
            answers.append(sock.recv(65536))
    refused = [answer for answer in answers if status(answer) != 100]
    assert refused
    assert {(status(answer), b"Retry-After: " in answer) for answer in refused} == {(503, True)}
    small = begin(server, bearer, 100_000)
    whole = head(small, "Content-Length: 100000", "Connection: close") + MP4.ljust(100_000)
    assert status(server.ask(whole)) == 200
