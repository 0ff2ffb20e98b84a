"""The task of a rerun: works for a limited time, a few posts per transaction.

The row stores the progress. A worker leases it, judges the next posts without a transaction, and
writes the results together with the new position, unless another worker did. A killed worker loses
the work of a few posts; when its lease is over, the sweep lets another continue.
"""

from __future__ import annotations

import time

import structlog
from sqlalchemy import select

from classifiers import BundleError
from rules import Ruleset, RulesetError
from service.audit import record
from service.backtest.batch_judge import BatchJudge
from service.backtest.result import add
from service.backtest.serialise import from_json, to_json
from service.backtest.stored import following
from service.parts import Parts
from service.queue import RERUN, hint
from service.reruns import rejudge
from service.reruns.start import end
from service.reruns.turn import free, hold, lease, release
from service.rulesets import store
from service.rulesets.source import read_source, source_of
from service.screen import Screen
from service.tables import Rerun

TURN_SECONDS = 10.0  # then others' tasks have their turn
COUNTED = 1000  # posts to a step of a backtest
REJUDGED = 100  # posts to a step of a rejudgement: their rows are held while it is written


def hint_running(parts: Parts) -> None:
    """Queue the task for what runs and nobody is at; asked by the sweep."""
    with parts.sessions() as session:
        waiting = session.scalars(
            select(Rerun.id).where(Rerun.state == "running", free()).order_by(Rerun.id)
        ).all()
    for number in waiting:
        hint(parts.queue, RERUN, number)


def go_on(parts: Parts, number: int, seconds: float = TURN_SECONDS) -> None:
    """Work for a while on a rerun, unless another worker is at it; the sweep calls again."""
    stop_at = time.monotonic() + seconds
    if not lease(parts, number):
        return
    try:
        current = parts.screener.current()
        again = BatchJudge(_ruleset(parts, number, current))
        while time.monotonic() < stop_at and step(parts, number, current, again):
            pass
    except (BundleError, RulesetError) as error:
        _fail(parts, number, str(error))
    finally:
        release(parts, number)


def step(
    parts: Parts, number: int, current: Screen, again: BatchJudge, most: int | None = None
) -> bool:
    """Look at the next few posts.

    Returns:
        whether there is more to do at once.
    """
    with parts.sessions() as session:
        rerun = session.get_one(Rerun, number)
    if rerun.state != "running":
        return False
    if rerun.kind == "rejudgement":
        return rejudge.step(parts, rerun, current, again, most or REJUDGED)
    return _count(parts, rerun, current, again, most or COUNTED)


def _count(parts: Parts, rerun: Rerun, current: Screen, again: BatchJudge, most: int) -> bool:
    with parts.sessions() as session:
        posts = following(session, rerun.since, rerun.reached, most)
    result = from_json(rerun.result)
    add(result, again, posts)
    with parts.sessions.begin() as session:
        held = hold(session, rerun)
        if held is None:
            return False
        if not posts:
            end(held, "done")
            return False
        held.result = to_json(result)
        held.lexicon_now = current.ruleset.lexicon.digest
        held.reached, held.seen = posts[-1].id, held.seen + len(posts)
    return True


def _ruleset(parts: Parts, number: int, current: Screen) -> Ruleset:
    """The ruleset that a rerun asks, with the lexicon that is live."""
    with parts.sessions() as session:
        rerun = session.get_one(Rerun, number)
        stored = store.find_ruleset(session, rerun.ruleset_id) if rerun.ruleset_id else None
    if rerun.kind == "rejudgement":
        return current.ruleset
    source = source_of(stored) if stored else read_source(parts.config.ruleset)
    return store.check(source, current)


def _fail(parts: Parts, number: int, why: str) -> None:
    structlog.get_logger().error("rerun_failed", rerun=number, error=why)
    with parts.sessions.begin() as session:
        found = session.get_one(Rerun, number, with_for_update=True)
        if found.state == "running":
            end(found, "failed", why)
            record(session, "service", "rules.rerun_failed", f"rerun:{number}", {"error": why})
