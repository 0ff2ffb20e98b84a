"""The format of the chain, which must never change: old logs are verified by it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone

from service.audit.chain import NOTHING, digest, link, stamp

AT = datetime(2026, 11, 21, 8, 30, 0, 5, UTC)


def test_a_digest_is_that_of_the_canonical_json() -> None:
    text = (
        '{"action":"post.settled","actor":"mina","at":"2026-11-21T08:30:00.000005+00:00",'
        '"details":{"a":[1,0.5,null,true],"나":"맛집"},"subject":"post:p-1"}'
    )
    said = {"나": "맛집", "a": [1.0, 0.5, None, True]}
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert digest(AT, "mina", "post.settled", "post:p-1", said) == expected


def test_a_hash_is_that_of_place_and_hash_before_and_digest() -> None:
    own = "ab" * 32
    expected = hashlib.sha256(f"1:7:{NOTHING}:{own}".encode()).hexdigest()
    assert link(1, 7, NOTHING, own) == expected


def test_a_time_is_hashed_in_utc_whatever_zone_it_came_in() -> None:
    seoul = AT.astimezone(timezone(timedelta(hours=9)))
    assert stamp(seoul) == stamp(AT) == "2026-11-21T08:30:00.000005+00:00"
