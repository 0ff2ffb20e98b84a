"""Photographs are fetched from real servers, which may do what they like."""

from __future__ import annotations

import gzip
import io
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler

import pytest

from service.config import Config
from service.screening.fetch import FetchError, fetch, fetch_video
from tests.service.rawserver import read_request, serve_raw
from tests.service.receiver import answer, drip, serve
from tests.service.test_outgoing import SLOW

LOOPBACK = {"fetch_allow": ("127.0.0.1/32",)}


@pytest.fixture
def strict(config: Config) -> Config:
    return Config.model_validate(
        config.model_dump() | {"fetch_seconds": 0.6, "image_bytes": 5000, "fetch_redirects": 2}
    )


@pytest.fixture
def lenient(strict: Config) -> Config:
    """The same, with loopback as the platform's own image host."""
    return Config.model_validate(strict.model_dump() | LOOPBACK)


def code(url: str, config: Config) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, config)
    assert caught.value.message
    return caught.value.code


def respond(request: BaseHTTPRequestHandler) -> None:
    """One path for each kind of behaviour."""
    path = request.path
    if path.startswith("/hop/"):
        left = int(path.rpartition("/")[2])
        answer(request, 302, Location=f"/hop/{left - 1}" if left else "/ok")
    elif path.startswith("/to/"):
        answer(request, 307, Location=path.removeprefix("/to/"))
    elif path == "/drip":
        drip(request, seconds=5)
    elif path == "/endless":
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x" * 1000)
    elif path == "/liar":
        answer(request, 200, b"short", Content_Length="400")
        request.close_connection = True
    elif path == "/gzip":
        answer(request, 200, gzip.compress(b"\0" * 10**6), Content_Encoding="gzip")
    elif path == "/large":
        answer(request, 200, b"x" * 5001)
    elif path == "/missing":
        answer(request, 404, b"no")
    else:
        answer(request, 200, b"a photograph")


def test_bytes_are_fetched(lenient: Config) -> None:
    with serve(get=respond) as url:
        assert fetch(f"{url}/ok", lenient) == b"a photograph"
        assert fetch(f"{url}/hop/1", lenient) == b"a photograph"


def test_loopback_is_forbidden_by_default(strict: Config) -> None:
    with serve(get=respond) as url:
        assert code(f"{url}/ok", strict) == "forbidden_address"
        assert code(f"{url.replace('127.0.0.1', 'localhost')}/ok", strict) == "forbidden_address"
        assert code(f"{url.replace('127.0.0.1', '2130706433')}/ok", strict) in {
            "forbidden_address",
            "unreachable",
        }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/missing", "http_status"),
        ("/hop/3", "too_many_redirects"),
        ("/to/http://[::1]/ok", "forbidden_address"),
        ("/to/http://169.254.169.254/meta", "forbidden_address"),
        ("/to/file:///etc/passwd", "bad_url"),
        ("/to/gopher://x/", "bad_url"),
        ("/to/http://[", "bad_url"),
        ("/to/http://[::1", "bad_url"),
        ("/to/http://[::1]:x/", "bad_url"),
        ("/to/http://images.example:99999/", "bad_url"),
        ("/to/http://", "too_many_redirects"),  # names no host: the same again
        ("/to/http://user@127.0.0.1/", "bad_url"),
        ("/to/http://\xff\xfe/", "bad_url"),
        ("/drip", "timed_out"),
        ("/endless", "too_large"),
        ("/large", "too_large"),
        ("/liar", "unreachable"),
    ],
)
def test_what_servers_do_to_us(lenient: Config, path: str, expected: str) -> None:
    with serve(get=respond) as url:
        assert code(url + path, lenient) == expected


def test_compressed_answers_are_not_unpacked(lenient: Config) -> None:
    with serve(get=respond) as url:
        assert len(fetch(f"{url}/gzip", lenient)) < 5000


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photo.jpg",
        "ftp://images.example/x",
        "file:///etc/passwd",
        "http://",
        "http:///x",
        "http://user:secret@images.example/x",
        "javascript:alert(1)",
        "http://\x00/",
        "http://images.example:99999/",
        "http://[::1",
    ],
)
def test_what_is_no_url_of_a_photograph(strict: Config, url: str) -> None:
    assert code(url, strict) in {"bad_url", "unreachable", "forbidden_address"}


@pytest.mark.parametrize("stage", SLOW)
def test_a_server_that_trickles_is_left_in_time(lenient: Config, stage: str) -> None:
    """Each of these servers gives a good answer in the end, too late."""
    with serve_raw(SLOW[stage]) as url:
        assert code(url, lenient) == "timed_out"


def test_a_video_may_come_slowly_but_its_server_may_not_be_silent(lenient: Config) -> None:
    """A video has much time; nobody waits for all of it where nothing comes."""
    patient = lenient.model_copy(update={"video_fetch_seconds": 60.0})

    def trickle(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(4):
            time.sleep(0.25)
            request.wfile.write(b"x")
        if request.path == "/silent":
            threading.Event().wait(5)
        request.close_connection = True

    with serve(get=trickle) as url:
        whole, part = io.BytesIO(), io.BytesIO()
        fetch_video(f"{url}/whole", whole, patient)
        with pytest.raises(
            FetchError, match=r"than 60 seconds, or sent nothing for 0\.6"
        ) as caught:
            fetch_video(f"{url}/silent", part, patient)
    assert (whole.getvalue(), part.getvalue()) == (b"xxxx", b"xxxx")
    assert caught.value.code == "timed_out"


def test_a_redirect_to_a_server_that_trickles_has_no_time_of_its_own(lenient: Config) -> None:
    with serve_raw(SLOW["headers"]) as slow, serve(get=respond) as url:
        assert code(f"{url}/to/{slow}", lenient) == "timed_out"


def test_a_name_that_is_never_resolved_is_given_up(
    lenient: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    assert code("http://images.example/x.jpg", lenient) == "timed_out"
    over.set()


def test_headers_without_end_are_refused(lenient: Config) -> None:
    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"A: " + b"b" * 1000 + b"\r\n")

    with serve_raw(talk) as url:
        assert code(url, lenient) in {"too_large", "unreachable"}


def test_a_name_in_any_script_is_asked_for_in_idna(
    lenient: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def here(host: str, *more: int, **named: int) -> object:
        asked.append(host)
        return resolve("127.0.0.1", *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with serve(get=respond) as url:
        port = url.rpartition(":")[2]
        assert fetch(f"http://사진.한국:{port}/ok", lenient) == b"a photograph"
    assert asked[0] == "xn--vf4bi0o.xn--3e0b707e"


def test_certificates_are_read_once_a_process(
    lenient: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(get=respond) as url:
        fetch(f"{url}/ok", lenient)
        monkeypatch.setattr(ssl, "create_default_context", None)
        monkeypatch.setattr(ssl, "SSLContext", None)
        assert fetch(f"{url}/ok", lenient) == b"a photograph"


def test_nobody_there(lenient: Config) -> None:
    assert code("http://127.0.0.1:9/x", lenient) == "unreachable"
