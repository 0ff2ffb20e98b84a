"""Of an answer, status and headers are read, bounded in bytes and time, and nothing beyond."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from service.config import Config
from service.outbox.send import HEAD_BYTES, Outcome, send
from service.outgoing import Connections
from tests.service.rawserver import Talk, read_request, serve_raw

SECONDS = 0.4
CONTENT = {"type": "post.decided", "sequence": 1, "data": {"id": "p-1"}}


@pytest.fixture
def connections() -> Iterator[Connections]:
    made = Connections()
    yield made
    made.close()


def attempt(
    connections: Connections, config: Config, url: str, name: str = "1", seconds: float = SECONDS
) -> Outcome:
    told = config.model_copy(update={"callback_url": url, "callback_seconds": seconds})
    return send(connections, told, name, CONTENT, datetime.now(UTC))


def saying(answer: bytes, more: bytes = b"", every: float = 0.0, times: int = 0) -> Talk:
    """Answers, and goes on with ``more`` so often."""

    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)
        for _ in range(times):
            connection.sendall(more)
            time.sleep(every)
        if not times:
            connection.recv(1)

    return talk


OK = b"HTTP/1.1 200 OK\r\n"
LONG = 10**6

DELIVERED = {
    "no body": saying(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "a short body": saying(OK + b"Content-Length: 2\r\n\r\nok"),
    "a body that never comes": saying(OK + b"Content-Length: 2000000000\r\n\r\n"),
    "2 GB of body": saying(OK + b"Content-Length: 2000000000\r\n\r\n", b"x" * 2**20, 0, 2000),
    "a gzip bomb": saying(
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2000000000\r\n\r\n",
        gzip.compress(b"\0" * 2**20),
        0,
        100_000,
    ),
    "a body that drips": saying(OK + b"Content-Length: 99\r\n\r\n", b"x", 0.05, 40),
    "chunks without end": saying(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nabcd\r\n" * 100, 0, LONG
    ),
    "a chunk size that never ends": saying(
        OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 1000, 0, LONG
    ),
    "no length, and no end": saying(OK + b"\r\n", b"x" * 65536, 0, LONG),
}


@pytest.mark.parametrize("kind", DELIVERED)
def test_the_status_is_all_that_counts(connections: Connections, config: Config, kind: str) -> None:
    with serve_raw(DELIVERED[kind]) as url:
        assert attempt(connections, config, url, seconds=30) == Outcome(True)


FAILED = {
    "hangs": (saying(b""), "ReadTimeout"),
    "drips its status line": (saying(b"HTTP/1.1 200 ", b"O", 0.05, 60), "ReadTimeout"),
    "drips its headers": (saying(OK, b"a: b\r\n", 0.05, 60), "ReadTimeout"),
    "headers without end": (saying(OK, b"a: " + b"b" * 1000 + b"\r\n", 0, LONG), "TooManyBytes"),
    "one header without end": (saying(OK + b"a: ", b"b" * 1000, 0, LONG), "TooManyBytes"),
    "100 for ever": (saying(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99, 0, LONG), "TooManyBytes"),
    "100 now and then": (saying(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05, 60), "ReadTimeout"),
    "garbage": (saying(b"\x00\xff\x00 what is this?\r\n\r\n" * 1000), "RemoteProtocolError"),
    "hangs up": (saying(b"", b"", 0, 1), "RemoteProtocolError"),
    "speaks another protocol": (saying(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "RemoteProtocolError"),
}


@pytest.mark.parametrize("kind", FAILED)
def test_a_receiver_that_gives_no_status_did_not_answer(
    connections: Connections, config: Config, kind: str
) -> None:
    talk, error = FAILED[kind]
    slow = error == "ReadTimeout"
    with serve_raw(talk) as url:
        outcome = attempt(connections, config, url, seconds=SECONDS if slow else 30)
    assert not outcome.delivered
    assert not outcome.answered
    assert error in (outcome.error or "")
    assert len(outcome.error or "") <= 300
    assert "\0" not in (outcome.error or "")


@pytest.mark.parametrize("kind", ["2 GB of body", "a gzip bomb", "headers without end"])
def test_no_more_is_taken_from_the_network_than_a_head(
    connections: Connections, config: Config, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    received = 0
    recv = socket.socket.recv

    def counted(self: socket.socket, size: int) -> bytes:
        nonlocal received
        data = recv(self, size)
        received += len(data) if data[:4] != b"POST" and data[:1] != b"{" else 0
        return data

    monkeypatch.setattr(socket.socket, "recv", counted)
    with serve_raw({**DELIVERED, **{k: v for k, (v, _) in FAILED.items()}}[kind]) as url:
        attempt(connections, config, url, seconds=30)
    assert 0 < received <= HEAD_BYTES


@pytest.mark.parametrize(
    ("status", "answered", "gone"),
    [
        (200, True, False),
        (301, True, False),
        (400, True, False),
        (404, True, False),
        (410, True, True),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_what_a_status_says_of_the_receiver(
    connections: Connections, config: Config, status: int, answered: bool, gone: bool
) -> None:
    head = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    with serve_raw(saying(head.encode())) as url:
        outcome = attempt(connections, config, url, seconds=30)
    assert (outcome.delivered, outcome.answered, outcome.gone) == (status == 200, answered, gone)


@pytest.mark.parametrize("value", ["²".encode(), "²".encode("latin-1"), b"-1", b"nan", b"9" * 999])
def test_what_is_no_time_is_not_waited_for(
    connections: Connections, config: Config, value: bytes
) -> None:
    head = b"HTTP/1.1 503 X\r\nContent-Length: 0\r\nRetry-After: " + value + b"\r\n\r\n"
    with serve_raw(saying(head)) as url:
        assert attempt(connections, config, url, seconds=30).retry_seconds is None


def test_a_connection_is_used_again(connections: Connections, config: Config) -> None:
    opened = 0

    def talk(connection: socket.socket) -> None:
        nonlocal opened
        opened += 1
        while True:
            read_request(connection)
            connection.sendall(OK + b"Content-Length: 2\r\n\r\nok")

    with serve_raw(talk) as url:
        for _ in range(8):
            assert attempt(connections, config, url, seconds=30).delivered
    assert opened == 1


def test_a_login_in_the_url_is_sent_as_a_header(connections: Connections, config: Config) -> None:
    asked: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        asked.append(read_request(connection))
        connection.sendall(OK + b"Content-Length: 0\r\n\r\n")

    with serve_raw(talk) as url:
        there = url.replace("http://", "http://me:p%40ss@") + "hook?a=%20b"
        assert attempt(connections, config, there, seconds=30).delivered
    assert asked[0].startswith(b"POST /hook?a=%20b HTTP/1.1\r\n")
    assert b"authorization: Basic bWU6cEBzcw==" in asked[0]
    assert b"me:p" not in asked[0]


@pytest.mark.parametrize("url", ["http://[", "ftp://x.example/", "nowhere", "http://"])
def test_an_address_that_is_none_is_a_failure(
    connections: Connections, config: Config, url: str
) -> None:
    outcome = attempt(connections, config, url)
    assert not outcome.delivered
    assert outcome.error


def test_threads_each_get_their_own_answer(connections: Connections, config: Config) -> None:
    """32 threads, distinct deliveries, an answer of its own to each."""

    def talk(connection: socket.socket) -> None:
        while True:
            name = int(read_request(connection).split(b"webhook-id: ")[1].split(b"\r\n")[0])
            head = f"HTTP/1.1 503 X\r\nRetry-After: {name}\r\nContent-Length: 3\r\n\r\nno."
            connection.sendall(head.encode())

    with serve_raw(talk) as url, ThreadPoolExecutor(32) as threads:
        outcomes = threads.map(
            lambda n: attempt(connections, config, url, str(n), seconds=60), range(160)
        )
        assert [outcome.retry_seconds for outcome in outcomes] == list(range(160))
