"""gunicorn as the service runs it, asked through raw sockets."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import psutil
import pytest

from tests.conftest import API_KEY
from tests.service.web.conftest import (
    HELD_BYTES,
    PATIENCE_SECONDS,
    REQUEST_BYTES,
    Server,
    read_all,
)

pytestmark = pytest.mark.slow

Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]

HEAD = "POST /v1/posts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def head(*lines: str, **headers: str) -> bytes:
    """The headers of a delivery, with further lines."""
    signed = [f"{name}: {value}" for name, value in headers.items()]
    return (HEAD + "".join(f"{line}\r\n" for line in [*lines, *signed]) + "\r\n").encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.fixture
def slow(server: Server, sign: Sign) -> Iterator[None]:
    """Sixty clients that began a request and do not go on: twice as many as there are threads."""
    began = [
        b"",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Sl",
        head("Content-Length: 50000", **sign(b"")) + b"{",
        head("Transfer-Encoding: chunked", **sign(b"")) + b"ff\r\n{",
        b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nname=",
    ]
    with ExitStack() as stack:
        for number in range(60):
            sock = stack.enter_context(server.connect())
            sock.sendall(began[number % len(began)])
        yield


def test_slow_clients_keep_nobody_waiting(
    server: Server, slow: None, sign: Sign, body: Body
) -> None:
    with httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/sign-in").status_code == 200
        sent = body()
        headers = sign(sent) | {"Content-Type": "application/json"}
        assert client.post("/v1/posts", content=sent, headers=headers).status_code == 202


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"-5\r\n{}\r\n0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n"]
)
def test_a_chunked_body_with_wrong_framing_is_a_bad_request(
    server: Server, sign: Sign, chunks: bytes
) -> None:
    answer = server.ask(head("Transfer-Encoding: chunked", **sign(b"{}")) + chunks)
    assert status(answer) == 400
    assert b"application/problem+json" in answer
    console = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert status(server.ask(console + chunks)) == 400


@pytest.mark.parametrize(
    "chunks",
    [
        b"2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n",
        b"2\r\n{}\r\n0\r\nAuthorization: x\r\n\r\n",
        b"2;=\r\n{}\r\n0\r\n\r\n",
    ],
)
def test_what_only_the_second_parser_refuses_is_a_bad_request_too(
    server: Server, sign: Sign, chunks: bytes
) -> None:
    lines = ("Transfer-Encoding: chunked", f"Authorization: Bearer {API_KEY}")
    for path, kind in (("/v1/posts", "application/problem+json"), ("/sign-in", "text/html")):
        sent = head(*lines, **sign(b"{}"), cookie="a=b").replace(b"/v1/posts", path.encode())
        sent = sent.replace(b"application/json", b"application/x-www-form-urlencoded")
        answer = server.ask((sent if path == "/sign-in" else head(*lines, **sign(b"{}"))) + chunks)
        assert status(answer) == 400
        assert f"Content-Type: {kind}".encode() in answer


def test_a_body_in_crumbs_is_refused_before_it_takes_a_minute(server: Server, sign: Sign) -> None:
    crumbs = b"1\r\n \r\n" * 20_000
    answer = server.ask(head("Transfer-Encoding: chunked", **sign(b"{}")) + crumbs)
    assert (status(answer), b"too small" in answer) == (400, True)


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Content-Length: 2", "Content-Length: 2"),
    ],
)
def test_a_body_whose_length_is_said_twice_is_a_bad_request(
    server: Server, sign: Sign, lines: tuple[str, str]
) -> None:
    for path, kind in (("/v1/posts", "application/problem+json"), ("/sign-in", "text/plain")):
        sent = head(*lines, **sign(b"{}")).replace(b"/v1/posts", path.encode())
        body = b"2\r\n{}\r\n0\r\n\r\n" if "chunked" in lines[1] else b"{}"
        answer = server.ask(sent + body)
        assert status(answer) == 400
        assert f"Content-Type: {kind}".encode() in answer


def test_a_chunked_body_is_taken(server: Server, sign: Sign, body: Body) -> None:
    sent = body()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (sent[:7], sent[7:]))
    raw = head("Transfer-Encoding: chunked", "Connection: close", **sign(sent)) + chunks
    assert status(server.ask(raw + b"0\r\n\r\n")) == 202


def offer(sock: socket.socket, piece: bytes, most: int) -> int:
    """Send pieces until the server closes; how many bytes it took."""
    sent = 0
    try:
        while sent < most:
            sock.sendall(piece)
            sent += len(piece)
    except OSError:
        pass
    return sent


def test_a_chunked_body_that_grows_too_large_is_not_read_to_its_end(
    server: Server, sign: Sign
) -> None:
    piece = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with server.connect() as sock:
        sock.sendall(head("Transfer-Encoding: chunked", **sign(b"")))
        for _ in range(2 * REQUEST_BYTES // 65536):
            sock.sendall(piece)
        assert status(sock.recv(65536)) == 413  # while the client still sends
        assert offer(sock, piece, 100 * 2**20) < 100 * 2**20


@pytest.mark.parametrize("framing", ["Transfer-Encoding: chunked", "Content-Length: 1000000"])
def test_an_unsigned_body_is_not_waited_for(server: Server, framing: str) -> None:
    with server.connect() as sock:
        sock.sendall(head(framing))
        answer = read_all(sock)
    assert (status(answer), b"bad-signature" in answer) == (401, True)


def test_a_body_that_says_it_is_too_large_is_not_waited_for(server: Server, sign: Sign) -> None:
    answer = server.ask(head(f"Content-Length: {REQUEST_BYTES + 1}", **sign(b"")))
    assert status(answer) == 413


def test_a_client_that_waits_to_be_told_to_go_on_is_told(
    server: Server, sign: Sign, body: Body
) -> None:
    sent = body()
    framing = (f"Content-Length: {len(sent)}", "Expect: 100-continue", "Connection: close")
    with server.connect() as sock:
        sock.sendall(head(*framing, **sign(sent)))
        assert sock.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(sent)
        assert status(read_all(sock)) == 202


def test_a_client_that_is_gone_when_it_is_told_to_go_on_harms_nobody(
    server: Server, sign: Sign
) -> None:
    """Several, one after the other: each used to end a process with all that it was at."""
    processes = [one.pid for one in psutil.Process(server.pid).children()]
    for _ in range(10):
        with server.connect() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.sendall(head("Content-Length: 50", "Expect: 100-continue", **sign(b"")))
    assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE_SECONDS).status_code == 200
    assert [one.pid for one in psutil.Process(server.pid).children()] == processes
    assert "Exception in worker process" not in server.log.read_text()


def test_more_bodies_than_a_process_holds_are_sent_again_later(server: Server, sign: Sign) -> None:
    """Each of both processes holds two bodies, of one address one."""
    each = f"Content-Length: {REQUEST_BYTES}"
    with ExitStack() as stack:
        answers = []
        for _ in range(2 * HELD_BYTES // REQUEST_BYTES + 1):
            sock = stack.enter_context(server.connect())
            sock.sendall(head(each, **sign(b"")) + b"{")
            sock.settimeout(0.5)
            try:
                answers.append(sock.recv(65536))
            except TimeoutError:
                continue
        assert answers
        assert {status(answer) for answer in answers} == {503}
        assert all(b"Retry-After: " in answer for answer in answers)
        assert httpx.get(f"{server.url}/healthz").status_code == 200
    with httpx.Client(base_url=server.url, timeout=PATIENCE_SECONDS) as client:
        sent = json.dumps({"id": "x" * 400_000}).encode()  # what was held is free again
        headers = sign(sent) | {"Content-Type": "application/json"}
        assert client.post("/v1/posts", content=sent, headers=headers).status_code == 422


def test_requests_that_follow_each_other_on_one_connection_are_all_answered(
    server: Server,
) -> None:
    ask = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n"
    with server.connect() as sock:
        sock.sendall(ask % b"" + ask % b"" + (ask % b"")[:20])  # the third is not whole yet
        sock.sendall((ask % b"Connection: close\r\n")[20:])
        assert read_all(sock).count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_body_that_nobody_read_does_not_end_its_connection(
    server: Server, sign: Sign, framing: str
) -> None:
    refused = {**sign(b""), "webhook-timestamp": "1"}  # by the headers alone
    sent, length = b" " * 300_000, "Content-Length: 300000"
    if framing == "chunks":
        sent, length = b"493e0\r\n%s\r\n0\r\n\r\n" % sent, "Transfer-Encoding: chunked"
    following = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    answers = server.ask(head(length, **refused) + sent + following)
    assert [status(answers), answers.count(b"HTTP/1.1 200 OK")] == [401, 1]


@pytest.mark.parametrize("host", [b"\xff\xfe", b"a b", b"evil.example", b""])
def test_an_odd_host_is_a_bad_request(server: Server, host: bytes) -> None:
    raw = b"GET /posts HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
    assert status(server.ask(raw % host)) == 400


@pytest.mark.parametrize("raw", [b"\x16\x03\x01\x00\xa5\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_is_no_request_is_a_bad_request(server: Server, raw: bytes) -> None:
    assert status(server.ask(raw)) == 400


@pytest.mark.parametrize(
    ("path", "lines"),
    [("x" * 20_000, ""), ("p-1", "X-Long: " + "x" * 20_000 + "\r\n"), ("p-1", "X: 1\r\n" * 500)],
    ids=["path", "header", "headers"],
)
def test_what_is_long_is_answered_as_anything_else(server: Server, path: str, lines: str) -> None:
    head = f"GET /v1/posts/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{lines}"
    answer = server.ask(f"{head}Authorization: Bearer {API_KEY}\r\n\r\n".encode())
    assert (status(answer), b"unknown-post" in answer) == (404, True)


def test_headers_without_end_are_refused(server: Server) -> None:
    raw = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-Long: " + b"x" * 200_000
    assert status(server.ask(raw)) == 431
