"""What goes into a spool comes out again, from disk, and leaves nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.web.incoming import Arrival, Incoming
from service.web.spool import PIECE_BYTES, Spool

Parts = st.lists(st.binary(max_size=50), max_size=10)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=Parts, after=Parts)
def test_bytes_come_out_in_the_order_in_which_they_went_in(
    tmp_path: Path, before: list[bytes], after: list[bytes]
) -> None:
    spool = Spool(tmp_path / "spool", before)
    for piece in after:
        spool.append(piece)
    assert bool(spool) == bool(b"".join([*before, *after]))
    assert b"".join(spool) == b"".join([*before, *after])
    assert not spool
    assert spool.popleft() == b""
    spool.clear()


def test_nothing_has_a_name_and_no_piece_is_large(tmp_path: Path) -> None:
    spool = Spool(tmp_path, [b"x" * (3 * PIECE_BYTES + 1)])
    assert list(tmp_path.iterdir()) == []
    assert [len(piece) for piece in spool] == [PIECE_BYTES] * 3 + [1]
    spool.clear()
    spool.clear()


def test_a_disk_that_is_away_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match="file"):
        Spool(tmp_path / "file" / "spool", [])


def test_a_request_goes_on_where_its_body_is_spooled(tmp_path: Path) -> None:
    raw = b"PUT /v1/uploads/x/content?ticket=y HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    incoming = Incoming()
    assert incoming.feed(raw + b"abc") is Arrival.BODY
    assert incoming.head is not None
    assert incoming.head.query == "ticket=y"
    incoming.spool(tmp_path)
    assert incoming.feed(b"def") is Arrival.BODY
    assert incoming.feed(b"ghi") is Arrival.WHOLE
    assert b"".join(incoming.pieces) == raw + b"abcdefghi"
    incoming.pieces.clear()
