"""The sweep: a process that finds waiting work every few seconds and queues it again.

It uses a monotonic clock and needs no message to run, so neither a changed wall clock, nor a full
queue, nor a lost message can stop it. Any number of sweepers may run.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy import func, select

from service import outbox, screening
from service.bundles.reembed import follow_live, hint_unfinished
from service.campaigns.place import hint_unplaced
from service.database import Patience
from service.erasure import erase_due
from service.hourly.rollup import roll_up
from service.items.sweep import sweep_items
from service.lexicon.learn import hint_learning
from service.likeness.index import hint_missing
from service.locks import Lock
from service.operations.metrics import SWEEP_FAILURES
from service.operations.tallies import add_up
from service.operations.tidy import tidy
from service.outages import name_of
from service.parts import Parts
from service.queue import Queue
from service.recommend.old import forget_what_is_old
from service.reruns.work import hint_running
from service.thumbnails.sweep import sweep_thumbnails
from service.uploads.sweep import sweep_uploads
from service.votes.learn import hint_votes

SWEEP_SECONDS = 5.0
STEP_SECONDS = 30.0
# A statement that takes as long as a step may is ended, and its step with it.
PATIENCE = Patience(statement=STEP_SECONDS, lock=STEP_SECONDS, idle=STEP_SECONDS)
DRAFT_AGE = timedelta(hours=1)  # no photograph takes as long to be written

Step = Callable[[Parts], object]
UPKEEP_HINTS = 8  # in the queue: its tasks take long, and need no second hint meanwhile


def hint_upkeep(parts: Parts) -> None:
    """Queue the long tasks that have work to do, unless hints for them are queued already."""
    if parts.redis.llen(Queue.UPKEEP) >= UPKEEP_HINTS:
        return
    for ask in (
        follow_live,
        hint_unfinished,
        hint_missing,
        hint_learning,
        hint_votes,
        hint_running,
    ):
        ask(parts)


STEPS: Mapping[str, Step] = {
    "posts": screening.sweep.requeue,
    "callbacks": outbox.sweep.hint_due,
    "uploads": sweep_uploads,  # before erasures, which go on with what it owes
    "thumbnails": sweep_thumbnails,
    "erasures": lambda parts: erase_due(parts.sessions, parts.images),
    "drafts": lambda parts: parts.images.delete_drafts(DRAFT_AGE),
    "figures": roll_up,
    "counts": add_up,
    "tidying": tidy,
    "campaigns": hint_unplaced,
    "items": sweep_items,
    "interactions": forget_what_is_old,
    "upkeep": hint_upkeep,
}


def sweep_until(stopped: threading.Event, parts: Parts) -> None:
    """Sweep every ``SWEEP_SECONDS`` until told to stop."""
    while not stopped.is_set():
        began = time.monotonic()
        sweep(parts)
        stopped.wait(max(0.0, began + SWEEP_SECONDS - time.monotonic()))


def sweep(parts: Parts, steps: Mapping[str, Step] = STEPS) -> bool:
    """Run each step once, unless another process is sweeping. A step that fails or hangs does not
    stop the others.

    Returns:
        whether this process swept.
    """
    try:
        with _alone(parts) as is_alone:
            if is_alone:
                for name, step in steps.items():
                    _take(parts, name, step)
    except Exception as error:  # the database is away: the next round asks again
        structlog.get_logger().error("sweep_failed", error=name_of(error))
        SWEEP_FAILURES.labels("database").inc()
        return False
    return is_alone


@contextmanager
def _alone(parts: Parts) -> Iterator[bool]:
    """Hold the sweep's lock. It belongs to the connection, so it ends with the process."""
    engine = parts.sessions.kw["bind"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(Lock.SWEEP, 0))):
            yield False
            return
        try:
            yield True
        finally:
            connection.execute(select(func.pg_advisory_unlock(Lock.SWEEP, 0)))


class _Step:
    """A step of the sweep, taken in a thread of its own, which nobody needs to wait for.

    A hung step is left where it is, and not begun again before it has ended. PostgreSQL ends its
    statements (``PATIENCE``), and other parts have limits of their own. It is not ended by a
    signal's exception: one that comes up in the middle of a library's C code can end the process.
    """

    def __init__(self, name: str, step: Step, parts: Parts) -> None:
        self.name = name
        self.error: Exception | None = None
        self._work = threading.Thread(target=self._run, args=(step, parts), daemon=True)
        self._work.start()

    def _run(self, step: Step, parts: Parts) -> None:
        try:
            step(parts)
        except Exception as error:
            self.error = error

    def wait(self, seconds: float) -> None:
        """Raise what the step raised, or TimeoutError if it has not ended by then."""
        self._work.join(seconds)
        if self._work.is_alive():
            raise TimeoutError(f"The step {self.name} took longer than {seconds:g} seconds.")
        if self.error is not None:
            raise self.error

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return not self._work.is_alive()


# Of this process; only who holds the sweep's lock touches it.
_hanging: dict[str, _Step] = {}


def _take(parts: Parts, name: str, step: Step) -> None:
    before = _hanging.pop(name, None)
    taken = before if before and not before.is_over else _Step(name, step, parts)
    try:
        taken.wait(0 if taken is before else STEP_SECONDS)
    except Exception as error:
        if not taken.is_over:
            _hanging[name] = taken
        structlog.get_logger().error("sweep_failed", step=name, error=name_of(error))
        SWEEP_FAILURES.labels(name).inc()
