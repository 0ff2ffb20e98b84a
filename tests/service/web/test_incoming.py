"""A request is told to be whole where it ends, however its bytes come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.incoming import Arrival, Incoming

HEAD = b"POST /v1/posts?a=1 HTTP/1.1\r\nHost: x\r\n"
LENGTH = HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n12345"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;a=b\r\n123\r\n2\r\n45\r\n0\r\nX-T: 1\r\n\r\n"
PLAIN = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@given(st.sampled_from([LENGTH, CHUNKED, PLAIN]), st.lists(st.integers(1, 40), min_size=1))
def test_a_request_is_whole_with_its_last_byte_and_not_before(raw: bytes, sizes: list[int]) -> None:
    incoming, at, turn = Incoming(), 0, 0
    while at < len(raw):
        size = sizes[turn % len(sizes)]
        arrival = incoming.feed(raw[at : at + size])
        at, turn = at + size, turn + 1
        assert (arrival is Arrival.WHOLE) == (at >= len(raw))
    assert b"".join(incoming.pieces) == raw


@given(st.binary(max_size=300))
def test_any_bytes_are_taken_without_an_error(raw: bytes) -> None:
    assert Incoming().feed(raw or b"\0") in set(Arrival)


def test_the_head_tells_what_is_to_come() -> None:
    incoming = Incoming()
    assert incoming.feed(LENGTH[:-5]) is Arrival.BODY
    assert incoming.head is not None
    assert (incoming.head.method, incoming.head.path, incoming.head.length) == (
        "POST",
        "/v1/posts",
        5,
    )
    assert incoming.head.expects_continue
    assert "content-length" in incoming.head.headers


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: -5\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
        HEAD + b"Bad Header\r\n\r\n",
        b"no request at all\r\n\r\n",
    ],
)
def test_wrong_framing_is_told(raw: bytes) -> None:
    assert Incoming().feed(raw) is Arrival.BROKEN
