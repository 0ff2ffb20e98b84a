"""Photographs are fetched from real servers, which may do what they like."""

from __future__ import annotations

import gzip
from http.server import BaseHTTPRequestHandler

import pytest

from service.config import Config
from service.screening.fetch import FetchError, fetch
from tests.service.receiver import answer, drip, serve

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
        "https://사진",
    ],
)
def test_what_is_no_url_of_a_photograph(strict: Config, url: str) -> None:
    assert code(url, strict) in {"bad_url", "unreachable", "forbidden_address"}


def test_nobody_there(lenient: Config) -> None:
    assert code("http://127.0.0.1:9/x", lenient) == "unreachable"
