"""The figures of an hour are counted after something changed in it, and no change is missed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.hourly.rollup import KEPT, forget, roll, roll_up
from service.overview.backlog import backlog
from service.overview.scope import scope_of
from service.overview.traffic import posts_by_decision
from service.parts import Parts
from service.posts.delete import delete_post
from service.tables import HourlyFigure, StaleHour
from tests.service.overview.rows import (
    LAST_DAY,
    add_case,
    add_delivery,
    add_post,
    ago,
    counted,
    settle,
)


@pytest.fixture
def session(parts: Parts) -> Iterator[Session]:
    with parts.sessions() as session:
        yield session


def test_nothing_changed_means_nothing_to_count(session: Session) -> None:
    add_post(session, ago(hours=1))
    assert roll(session) == 1
    assert roll(session) == 0


def test_counting_twice_adds_nothing(session: Session) -> None:
    post = add_post(session, ago(hours=1))
    counted(session)
    settle(post, {"cafe": "irrelevant"})
    assert posts_by_decision(counted(session), LAST_DAY)[-1].counts == {"pass": 1}


def test_what_is_not_counted_makes_no_hour_stale(session: Session) -> None:
    post = add_post(session, ago(hours=1))
    counted(session)
    post.attempts, post.queued_at = 2, ago(minutes=1)
    session.flush()
    assert session.scalars(select(StaleHour)).all() == []


def test_a_case_makes_the_hours_stale_in_which_it_was_opened_and_closed(session: Session) -> None:
    case = add_case(session, ago(hours=5))
    assert [step.open for step in backlog(counted(session), LAST_DAY)][-6:] == [0, 1, 1, 1, 1, 1]
    case.closed_at = ago(hours=2)
    session.flush()
    assert [step.open for step in backlog(counted(session), LAST_DAY)][-6:] == [0, 1, 1, 1, 0, 0]


def test_a_deleted_post_is_counted_no_more(session: Session) -> None:
    post = add_post(session, ago(hours=1))
    add_delivery(session, post, "delivered", ago(hours=1))
    add_case(session, ago(hours=1), post=post)
    counted(session)
    delete_post(session, post.external_id)
    counted(session)
    assert session.scalars(select(HourlyFigure)).all() == []


def test_a_turn_counts_a_few_hours_the_newest_first(session: Session) -> None:
    for hours in range(6):
        add_post(session, ago(hours=hours, minutes=30))
    assert roll(session, most=4) == 4
    steps = posts_by_decision(session, LAST_DAY)
    assert [step.total for step in steps[-6:]] == [0, 0, 1, 1, 1, 1]
    assert roll(session, most=4) == 2


def test_old_hours_are_forgotten_but_for_their_open_cases(session: Session) -> None:
    now = datetime.now(UTC)
    old = now - KEPT - timedelta(days=1)
    add_case(session, old)
    add_case(session, old, closed=old)
    add_post(session, now)
    forget(counted(session))
    left = session.execute(select(HourlyFigure.figure, HourlyFigure.hour < now - KEPT)).all()
    assert {figure for figure, is_old in left if is_old} == {"opened"}
    assert {figure for figure, is_old in left if not is_old} >= {"posts", "judged"}
    assert backlog(session, scope_of("24h", None, now))[-1].open == 1


def test_while_many_write_and_two_count_no_post_is_missed(parts: Parts) -> None:
    now, done = datetime.now(UTC), threading.Event()

    def write(worker: int) -> None:
        for number in range(10):
            with parts.sessions.begin() as session:
                add_post(session, now - timedelta(hours=(number * (1 + worker)) % 5))

    def count() -> None:
        while not done.is_set():
            roll_up(parts)

    with ThreadPoolExecutor(8) as pool:
        counting = [pool.submit(count) for _ in range(2)]
        for writing in [pool.submit(write, worker) for worker in range(6)]:
            writing.result()
        done.set()
        for one in counting:
            one.result()
    roll_up(parts)
    with parts.sessions() as session:
        steps = posts_by_decision(session, scope_of("24h", None, now))
    assert sum(step.total for step in steps) == 60
