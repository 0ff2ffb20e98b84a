"""The sweep goes on, whatever a step or a clock does, and any number of sweepers do no harm."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from service import sweeper
from service.config import Config
from service.database import Patience
from service.lexicon.learn import EVERY, hint_learning, learn_hashtags
from service.parts import Parts, make_parts
from service.queue import LEARN, REEMBED, Queue, hint
from service.sweeper import UPKEEP_HINTS, hint_upkeep, sweep, sweep_until
from service.tables import Upkeep


def test_a_step_that_fails_or_hangs_leaves_the_others_alone(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "STEP_SECONDS", 2.0)
    taken: list[str] = []
    go_on, gone_on = Event(), Event()

    def fail(_: Parts) -> None:
        taken.append("fails")
        raise RuntimeError

    def hang(_: Parts) -> None:
        taken.append("hangs")
        go_on.wait(60)
        gone_on.set()

    steps = {"one": fail, "two": hang, "three": lambda _: taken.append("works")}
    assert sweep(parts, steps)
    assert taken == ["fails", "hangs", "works"]
    assert sweep(parts, steps)
    assert taken[3:] == ["fails", "works"], "what hangs is not begun again"
    go_on.set()
    assert gone_on.wait(60)
    while taken.count("hangs") == 1:  # its thread ends in a moment
        assert sweep(parts, steps)


def test_a_step_that_hangs_in_the_database_is_ended_by_it(config: Config) -> None:
    parts = make_parts(config, Patience(statement=0.2, lock=0.2, idle=60))
    taken: list[str] = []

    def hang(parts: Parts) -> None:
        with parts.sessions() as session:
            taken.append("hangs")
            session.execute(select(func.pg_sleep(60)))
        taken.append("never")

    with capture_logs() as logs:
        assert sweep(parts, {"one": hang, "two": lambda _: taken.append("works")})
    parts.close()
    assert taken == ["hangs", "works"]
    assert [(one["event"], one["step"]) for one in logs] == [("sweep_failed", "one")]


def test_of_several_sweepers_one_sweeps_at_a_time(parts: Parts) -> None:
    inside, go_on = Event(), Event()

    def stay(_: Parts) -> None:
        inside.set()
        go_on.wait(60)

    with ThreadPoolExecutor(1) as first:
        sweeping = first.submit(sweep, parts, {"posts": stay})
        inside.wait(60)
        assert not sweep(parts, {"posts": lambda _: None})
        go_on.set()
        assert sweeping.result()
    assert sweep(parts, {"posts": lambda _: None}), "the lock is free again"


def test_a_clock_that_goes_back_does_not_stop_the_sweep(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped, rounds = Event(), 0
    real = time.time

    def count(_: Parts) -> bool:
        nonlocal rounds
        rounds += 1
        monkeypatch.setattr(time, "time", lambda: real() - 7200 * rounds)
        if rounds == 3:
            stopped.set()
        return True

    monkeypatch.setattr(sweeper, "SWEEP_SECONDS", 0.01)
    monkeypatch.setattr(sweeper, "sweep", count)
    sweep_until(stopped, parts)
    assert rounds == 3


def test_hints_of_long_tasks_do_not_pile_up(parts: Parts) -> None:
    for number in range(UPKEEP_HINTS):
        hint(parts.queue, REEMBED, f"network {number}")
    for _ in range(5):
        hint_upkeep(parts)
    assert parts.redis.llen(Queue.UPKEEP) == UPKEEP_HINTS


def test_learning_is_queued_once_when_a_day_is_over_by_the_databases_clock(parts: Parts) -> None:
    for _ in range(3):
        hint_learning(parts)
    assert parts.redis.llen(Queue.UPKEEP) == 0, "a new service has nothing to learn from"
    with parts.sessions.begin() as session:
        session.execute(update(Upkeep).values(due_at=func.now() - timedelta(seconds=1)))
    with ThreadPoolExecutor(4) as sweepers:
        list(sweepers.map(lambda _: hint_learning(parts), range(4)))
    assert parts.redis.llen(Queue.UPKEEP) == 1
    learn_hashtags(parts)
    with parts.sessions() as session:
        tomorrow = Upkeep.due_at > func.now() + EVERY / 2
        assert session.scalars(select(tomorrow).where(Upkeep.name == LEARN)).all() == [True]
