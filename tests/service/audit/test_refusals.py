from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from service.audit import record
from service.audit.refusals import (
    ALIKE,
    AN_HOUR,
    AT_ONCE,
    HOUR_SECONDS,
    MOST_GROUPS,
    WINDOW_SECONDS,
    Refusal,
    Refusals,
)
from service.database import make_engine, make_sessions
from service.parts import Parts
from service.tables import AuditEntry

GUESS = Refusal("anonymous", "refused.rate", "user:mina", "192.0.2.1")
OTHER = Refusal("jimin", "refused.permission", "GET /people", "192.0.2.2")


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _written(parts: Parts) -> list[tuple[str, dict[str, Any]]]:
    with parts.sessions() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    return [(row.action, row.details) for row in rows]


def test_each_refusal_is_an_entry(parts: Parts, clock: Clock) -> None:
    refusals = Refusals(parts.sessions, clock)
    refusals.note(GUESS)
    refusals.note(OTHER)
    refusals.note(GUESS)
    assert _written(parts) == [
        ("refused.rate", {"address": "192.0.2.1"}),
        ("refused.permission", {"address": "192.0.2.2"}),
        ("refused.rate", {"address": "192.0.2.1"}),
    ]


def test_of_a_flood_a_few_are_written_and_the_others_counted(parts: Parts, clock: Clock) -> None:
    refusals = Refusals(parts.sessions, clock)
    for _ in range(500):
        refusals.note(GUESS)
    assert len(_written(parts)) == ALIKE
    refusals.note(OTHER)  # another kind is written at once
    clock.now += WINDOW_SECONDS
    refusals.note(OTHER)
    assert _written(parts)[ALIKE:] == [
        ("refused.permission", {"address": "192.0.2.2"}),
        ("refused.rate", {"address": "192.0.2.1", "more": 500 - ALIKE}),
        ("refused.permission", {"address": "192.0.2.2"}),
    ]


def test_every_refusal_is_a_line_of_the_log_even_without_a_database(clock: Clock) -> None:
    engine = make_engine("postgresql://nobody@127.0.0.1:9/none")
    with capture_logs() as log:
        Refusals(make_sessions(engine), clock).note(GUESS)
    assert [line["event"] for line in log] == ["refused", "refusal_not_recorded"]
    assert log[0]["subject"] == "user:mina"
    engine.dispose()


def test_what_a_stranger_asked_for_is_cut_short(parts: Parts, clock: Clock) -> None:
    refusals = Refusals(parts.sessions, clock)
    refusals.note(Refusal("anonymous", "refused.session", "POST /" + "x" * 9000, "192.0.2.1"))
    with parts.sessions() as session:
        assert len(session.scalars(select(AuditEntry.subject)).one()) == 200


@pytest.mark.slow
def test_strangers_together_add_a_few_entries_an_hour(parts: Parts, clock: Clock) -> None:
    refusals = Refusals(parts.sessions, clock)
    for number in range(5000):  # of many kinds, from many addresses, for an hour
        clock.now = number * HOUR_SECONDS / 5000
        address = f"203.0.113.{number % 256}"
        refusals.note(Refusal("api", "refused.no_api_key", f"GET /v1/{number % 7}", address))
    written = _written(parts)
    assert AN_HOUR <= len(written) <= AN_HOUR + AT_ONCE
    assert max(details.get("more", 0) for _, details in written) > 1  # those counted are told of


def test_a_flood_of_strangers_keeps_no_place_from_others(parts: Parts, clock: Clock) -> None:
    refusals = Refusals(parts.sessions, clock)
    for number in range(500):
        refusals.note(Refusal("anonymous", "refused.session", "GET /posts", f"10.0.0.{number}"))
    refusals.note(OTHER)
    assert _written(parts)[-1][0] == "refused.permission"


def test_what_is_counted_has_a_bound(parts: Parts, clock: Clock) -> None:
    refusals = Refusals(parts.sessions, clock)
    many = MOST_GROUPS + 500
    for number in range(many):
        refusals.note(Refusal("api", "refused.no_api_key", "GET /v1/posts", f"a{number}"))
    assert len(refusals._seen) == MOST_GROUPS + 1
    counted = sum(seen.unwritten for seen in refusals._seen.values())
    assert counted + len(_written(parts)) == many


def test_a_flood_does_not_wait_for_a_moderators_commit(parts: Parts, clock: Clock) -> None:
    """Somebody's transaction holds the log's lock; the flood beyond its entries never asks."""
    refusals = Refusals(parts.sessions, clock)
    for _ in range(AN_HOUR + ALIKE):
        refusals.note(GUESS)
    with parts.sessions.begin() as session:
        record(session, "mina", "post.settled", "post:1", {})
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # takes the lock now
        with parts.sessions() as other:
            other.execute(text("SET LOCAL lock_timeout = '100ms'"))
            record(other, "api", "refused.no_api_key", "GET /v1/posts", {})
            other.flush()
            with pytest.raises(OperationalError):  # whoever writes an entry waits
                other.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        for _ in range(1000):
            refusals.note(GUESS)  # would wait for ever
    assert _written(parts)[-1][0] == "post.settled"
