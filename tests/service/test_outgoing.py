"""One limit of time and bytes holds at every stage, however slowly or much a server talks.

Each server here would give a good answer in the end, seconds after the limit: without the limit,
the request succeeds and the test fails.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpcore
import pytest

from service import outgoing
from service.outgoing import LimitedBackend, TooManyBytesError, limited
from tests.service.rawserver import Talk, read_request, serve_raw

SECONDS = 0.3
LATE_SECONDS = 1.0
BYTES = 100_000
GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def pool() -> Iterator[httpcore.ConnectionPool]:
    with httpcore.ConnectionPool(network_backend=LimitedBackend()) as pool:
        yield pool


def ask(
    pool: httpcore.ConnectionPool, url: str, seconds: float = SECONDS, body: bytes = b""
) -> bytes:
    with limited(seconds, BYTES):
        return pool.request("POST", url, content=body).content


def dripping(prefix: bytes, drop: bytes, rest: bytes = GOOD) -> Talk:
    """Sends ``prefix``, then ``drop`` again and again until it is late, then ``rest``."""

    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(prefix)
        end = time.monotonic() + LATE_SECONDS
        while time.monotonic() < end:
            connection.sendall(drop)
            time.sleep(0.02)
        connection.sendall(rest)

    return talk


@contextmanager
def full_backlog(host: str, port: int) -> Iterator[None]:
    """An address that neither takes nor refuses a connection: nobody accepts those before."""
    with ExitStack() as stack:
        stack.enter_context(socket.create_server((host, port), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((host, port))
        yield


SLOW = {
    "silence": dripping(b"", b""),
    "100 Continue for ever": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "status line": dripping(b"HTTP/1.1 200 ", b"O", b"\r\nContent-Length: 2\r\n\r\nok"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", b"Content-Length: 2\r\n\r\nok"),
    "body": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x", b"x" * 10000),
    "chunk size": dripping(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0", b"\r\n\r\n"
    ),
    "chunk extension": dripping(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;", b"e", b"\r\n\r\n"
    ),
    "trailers": dripping(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n", b"\r\n"
    ),
}


@pytest.mark.parametrize("stage", SLOW)
def test_time_ends_at_every_stage(pool: httpcore.ConnectionPool, stage: str) -> None:
    with serve_raw(SLOW[stage]) as url, pytest.raises(httpcore.TimeoutException):
        ask(pool, url)


def test_time_ends_while_tls_is_shaken(pool: httpcore.ConnectionPool) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in b"\x16\x03\x03\x40\x00" + b"\x02\x00\x3f\xfc" + b"\x03" * 60:
            connection.sendall(bytes([byte]))
            time.sleep(0.02)

    with serve_raw(talk) as url, pytest.raises(httpcore.TimeoutException):
        ask(pool, url.replace("http:", "https:"))


def test_time_ends_while_the_server_does_not_read(pool: httpcore.ConnectionPool) -> None:
    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for _ in range(int(LATE_SECONDS / 0.02)):
            connection.recv(1000)
            time.sleep(0.02)
        connection.sendall(GOOD)

    with serve_raw(talk) as url, pytest.raises(httpcore.TimeoutException):
        ask(pool, url, body=b"x" * 20_000_000)


def test_time_ends_while_a_name_is_resolved(
    pool: httpcore.ConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = socket.getaddrinfo

    def slow(host: str, port: int, **more: int) -> object:
        time.sleep(LATE_SECONDS)
        return asked("127.0.0.1", port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with serve_raw(dripping(b"", b"", GOOD)) as url, pytest.raises(httpcore.ConnectTimeout):
        ask(pool, url.replace("127.0.0.1", "name.example"))


def test_lookups_that_hang_are_bounded(
    pool: httpcore.ConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, over = [], threading.Event()

    def hang(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        over.wait(60)
        raise socket.gaierror

    def look_up(_: int) -> None:
        with pytest.raises(httpcore.TimeoutException):
            ask(pool, "http://name.example/")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with ThreadPoolExecutor(48) as threads:
        list(threads.map(look_up, range(48)))
    assert len(asked) <= outgoing.MOST_LOOKUPS
    over.set()
    with pytest.raises(httpcore.ConnectError):  # the threads are free again
        ask(pool, "http://name.example/", seconds=60)


def test_addresses_share_the_time(
    pool: httpcore.ConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One address that takes no connection leaves time for the next."""

    asked = socket.getaddrinfo

    def several(host: str, port: int, *more: int, **named: int) -> object:
        if host != "name.example":
            return asked(host, port, *more, **named)
        family = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*family, ("127.0.0.2", port)), (*family, ("127.0.0.1", port))]

    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(GOOD)

    monkeypatch.setattr(socket, "getaddrinfo", several)
    with serve_raw(talk) as url, full_backlog("127.0.0.2", int(url.split(":")[2].strip("/"))):
        assert ask(pool, url.replace("127.0.0.1", "name.example"), seconds=3) == b"ok"


def test_bytes_end(pool: httpcore.ConnectionPool) -> None:
    def endless(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with serve_raw(endless) as url, pytest.raises(TooManyBytesError):
        ask(pool, url, seconds=30)


def test_small_answers_that_never_end_are_bytes_too(pool: httpcore.ConnectionPool) -> None:
    def endless(connection: socket.socket) -> None:
        read_request(connection)
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    with serve_raw(endless) as url, pytest.raises(TooManyBytesError):
        ask(pool, url, seconds=30)


def test_each_exchange_on_one_connection_has_a_limit_of_its_own(
    pool: httpcore.ConnectionPool,
) -> None:
    connections = 0

    def talk(connection: socket.socket) -> None:
        nonlocal connections
        connections += 1
        while True:
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60000)

    with serve_raw(talk) as url:
        for _ in range(5):
            assert len(ask(pool, url, seconds=30)) == 60000
        time.sleep(SECONDS)
        assert len(ask(pool, url, seconds=30)) == 60000
    assert connections == 1


def test_threads_have_limits_of_their_own(pool: httpcore.ConnectionPool) -> None:
    def talk(connection: socket.socket) -> None:
        while True:
            size = int(read_request(connection).partition(b" ")[2].partition(b" ")[0][1:])
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n"
            connection.sendall(head.encode() + b"x" * size)

    def one(number: int) -> bool:
        large = number % 2 == 1
        size = BYTES * 2 if large else 1000 + number
        try:
            return len(ask(pool, f"{url}{size}", seconds=60)) == size and not large
        except TooManyBytesError:
            return large
        except httpcore.ReadError:
            # httpcore may close an idle connection that another thread was just given. Whoever
            # sends a callback tries again.
            return one(number)

    with serve_raw(talk) as url, ThreadPoolExecutor(16) as threads:
        assert all(threads.map(one, range(64)))
