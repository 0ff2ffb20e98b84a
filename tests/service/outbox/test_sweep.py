"""A callback that is due is hinted once; one whose receiver is away is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from service.outbox.deliver import deliver
from service.outbox.receivers import PATIENCE, Circuit, admit, circuit_of, note
from service.outbox.sweep import HINT_LEASE, MOST_QUEUED, _lease_hints, hint_due
from service.outbox.target import origin
from service.parts import Parts
from service.queue import Queue
from service.tables import Delivery, Receiver
from tests.service.outbox.conftest import Owe, make_due, row, telling
from tests.service.receiver import Receiver as Platform

DEARER = [
    "hashagg",
    "hashjoin",
    "mergejoin",
    "sort",
    "material",
    "indexscan",
    "bitmapscan",
    "indexonlyscan",
]
URL = "http://127.0.0.1:9/"


@pytest.fixture
def told(parts: Parts) -> Parts:
    return telling(parts, URL)


@pytest.fixture
def many(parts: Parts, owe: Owe) -> int:
    """800 callbacks that are due."""
    post = owe()
    with parts.sessions.begin() as session:
        post_id = session.scalars(select(Delivery.post_id).where(Delivery.id == post)).one()
        rows: list[dict[str, Any]] = [
            {"post_id": post_id, "type": "post.decided", "body": {}} for _ in range(799)
        ]
        session.execute(insert(Delivery), rows)
    return 800


def queued(parts: Parts) -> int:
    return int(parts.redis.llen(Queue.CALLBACKS))


def drain(parts: Parts) -> None:
    parts.redis.delete(Queue.CALLBACKS)


def test_each_is_hinted_once_in_twelve_sweeps(told: Parts, many: int) -> None:
    messages = 0
    for _ in range(12):
        messages += hint_due(told)
        drain(told)  # as if workers took the messages and got nowhere
    assert messages == many


def test_no_more_are_hinted_than_there_is_room_for_however_it_is_planned(
    told: Parts, many: int
) -> None:
    """A nested loop asks what it is looped over again for each row."""
    with told.sessions.begin() as session:
        for way in DEARER:
            session.execute(text(f"SET LOCAL enable_{way} = off"))
        assert len(_lease_hints(session, 10)) == 10


def test_the_queue_is_bounded_while_nobody_takes_from_it(told: Parts, many: int) -> None:
    for _ in range(12):
        hint_due(told)
        with told.sessions.begin() as session:  # every hint is taken for lost
            session.execute(update(Delivery).values(hinted_at=None))
    assert queued(told) == MOST_QUEUED


def test_a_hint_that_was_lost_is_given_again(told: Parts, owe: Owe) -> None:
    owe()
    assert [hint_due(told), hint_due(told)] == [1, 0]
    told.redis.flushall()
    with told.sessions.begin() as session:
        session.execute(update(Delivery).values(hinted_at=func.now() - HINT_LEASE * 1.01))
    assert hint_due(told) == 1


def test_a_callback_that_failed_is_hinted_when_it_is_due_again(told: Parts, owe: Owe) -> None:
    one = owe()
    assert hint_due(told) == 1
    deliver(told, one)
    assert hint_due(told) == 0
    make_due(told)
    assert hint_due(told) == 1


def hold(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        for _ in range(PATIENCE):
            note(session, origin(URL), answered=False)


def probe_now(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Receiver).values(held_until=func.now() - timedelta(seconds=1)))


def test_a_receiver_that_fails_again_and_again_is_held_back(told: Parts, owe: Owe) -> None:
    """Nothing listens at the address. The others do not even try."""
    ids = [owe(f"p-{number}") for number in range(2 * PATIENCE)]
    for one in ids:
        deliver(told, one)
    attempts = [row(told, one).attempts for one in ids]
    assert attempts == [1] * PATIENCE + [0] * PATIENCE
    assert hint_due(told) == 0


def test_callbacks_that_fail_side_by_side_count_each(told: Parts, owe: Owe) -> None:
    deliver(told, *(owe(f"p-{number}") for number in range(PATIENCE)))
    assert hint_due(told) == 0
    with told.sessions() as session:
        assert circuit_of(session, origin(URL)) is Circuit.HELD


@pytest.mark.parametrize("calls", [1, 5])
def test_one_callback_probes_it(told: Parts, owe: Owe, calls: int) -> None:
    ids = [owe(f"p-{number}") for number in range(5)]
    hold(told)
    probe_now(told)
    assert hint_due(told) == 1
    for first in range(calls):
        deliver(told, *ids[first::calls])
    assert sum(row(told, one).attempts for one in ids) == 1
    with told.sessions() as session:
        assert circuit_of(session, origin(URL)) is Circuit.HELD


def test_a_probe_that_is_answered_opens_the_way(owing: Parts, receiver: Platform, owe: Owe) -> None:
    ids = [owe(f"p-{number}") for number in range(5)]
    there = origin(owing.config.callback_url)
    with owing.sessions.begin() as session:
        for _ in range(PATIENCE):
            note(session, there, answered=False)
    for one in ids:
        deliver(owing, one)
    assert not receiver.ids
    probe_now(owing)
    for one in ids:
        deliver(owing, one)
    assert {row(owing, one).state for one in ids} == {"delivered"}


def test_a_worker_that_dies_at_a_probe_does_not_hold_the_receiver_for_ever(
    told: Parts, owe: Owe
) -> None:
    hold(told)
    probe_now(told)
    with told.sessions.begin() as session:  # admitted, and never heard of again
        assert admit(session, origin(URL), timedelta(seconds=30))
        assert not admit(session, origin(URL), timedelta(seconds=30))
    probe_now(told)
    owe()
    assert hint_due(told) == 1


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_receiver_that_refuses_one_callback_is_not_held_back(
    owing: Parts, receiver: Platform, owe: Owe, status: int
) -> None:
    receiver.statuses = [status] * 2 * PATIENCE
    for number in range(2 * PATIENCE):
        deliver(owing, owe(f"p-{number}"))
    assert len(receiver.ids) == 2 * PATIENCE


def test_receivers_are_held_back_one_by_one(told: Parts, owing: Parts, owe: Owe) -> None:
    hold(told)
    with told.sessions() as session:
        assert circuit_of(session, origin(owing.config.callback_url)) is Circuit.OPEN


def test_a_password_in_the_address_is_not_stored() -> None:
    assert origin("https://me:secret@hook.example/a?token=b") == "https://hook.example:443"
