"""A post whose hint is lost is queued again; one whose hint waits in the queue is not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from service import waits
from service.parts import Parts
from service.queue import SCREEN, Queue, hint
from service.screening.claim import Claim, claim_fresh
from service.screening.sweep import requeue
from service.tables import Post
from tests.service.screening.conftest import Add, change

LEASE = timedelta(seconds=30)
Age = Callable[[list[int], float], None]


@pytest.fixture
def age(parts: Parts) -> Age:
    """``age(ids, minutes)``: their hints were sent so long ago."""

    def make(ids: list[int], minutes: float) -> None:
        ago = func.clock_timestamp() - timedelta(minutes=minutes)
        with parts.sessions.begin() as session:
            session.execute(update(Post).where(Post.id.in_(ids)).values(queued_at=ago))

    return make


def queued(parts: Parts) -> int:
    return int(parts.redis.llen(Queue.SCREENING))


def test_posts_that_wait_too_long_are_queued_again(parts: Parts, add: Add, age: Age) -> None:
    ids = [add(b"") for _ in range(3)]
    assert requeue(parts) == 0
    age(ids[1:], 1)
    assert requeue(parts) == 2
    assert queued(parts) == 2
    assert requeue(parts) == 0, "not again before its time"


@pytest.mark.slow
def test_the_hints_of_a_backlog_do_not_pile_up(parts: Parts, add: Add, age: Age) -> None:
    """Each sweep comes long after the one before, and nobody works: about one hint a post."""
    ids = [add(b"") for _ in range(300)]
    for one in ids:
        hint(parts.queue, SCREEN, one)
    for _ in range(12):
        age(ids, 10)
        requeue(parts)
    assert queued(parts) == 300


@pytest.mark.slow
def test_when_the_broker_forgot_everything_the_workers_get_enough_to_do(
    parts: Parts, add: Add, age: Age
) -> None:
    ids = [add(b"") for _ in range(300)]
    for _ in range(12):
        age(ids, 10)
        requeue(parts)
    assert queued(parts) == 300, "one sweep hints them, the others see that they are there"


def test_a_hint_that_was_lost_is_found_while_the_queue_stays_long(
    parts: Parts, add: Add, age: Age
) -> None:
    """Posts that were queued a minute later are at work already: the queue has overtaken it."""
    ids = [add(b"") for _ in range(120)]
    for one in ids[20:]:
        hint(parts.queue, SCREEN, one)
    age(ids[:1], 3)
    age(ids[1:20], 2)
    age(ids[20:], 1)
    assert requeue(parts) == 0, "nobody is at work: nothing is known to be lost"
    with parts.sessions.begin() as session:
        claim_fresh(session, Claim(LEASE), ids[1:20])
    assert requeue(parts) == 1


def test_a_post_that_somebody_is_at_is_left_alone(parts: Parts, add: Add, age: Age) -> None:
    ids = [add(b"") for _ in range(2)]
    with parts.sessions.begin() as session:
        claim_fresh(session, Claim(LEASE), ids[:1])
    age(ids, 10)
    assert requeue(parts) == 1


def test_two_sweeps_at_once_queue_each_post_once(parts: Parts, add: Add, age: Age) -> None:
    ids = [add(b"") for _ in range(30)]
    age(ids, 10)
    with ThreadPoolExecutor(4) as sweepers:
        counts = list(sweepers.map(lambda _: requeue(parts), range(4)))
    assert (sum(counts), queued(parts)) == (30, 30)


def test_during_an_outage_a_few_posts_are_tried(parts: Parts, add: Add, age: Age) -> None:
    ids = [add(b"") for _ in range(40)]
    age(ids, 10)
    waits.note(parts.sessions, waits.OutageError("store", OSError("away")))
    few = change(parts, batch_size=4)
    assert requeue(few) == 4
