"""Which request a worker may be at: a lease in the row, as posts have one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from service.tables import ThumbnailJob

LEASE = timedelta(seconds=20)  # renewed while a worker is at it; another takes over when it is over

_FREE = and_(
    ThumbnailJob.state == "pending",
    or_(
        ThumbnailJob.claimed_until.is_(None),
        ThumbnailJob.claimed_until <= func.clock_timestamp(),
    ),
)


def claim(session: Session, worker: uuid.UUID, job_id: int) -> ThumbnailJob | None:
    """Claim a request for ``LEASE``; an attempt is counted until it is given back.

    Returns:
        None where another is at it, or it is over.
    """
    wanted = select(ThumbnailJob).where(ThumbnailJob.id == job_id, _FREE)
    job = session.scalar(wanted.with_for_update(skip_locked=True))
    if job is None:
        return None
    job.claimed_by, job.claimed_until = worker, func.clock_timestamp() + LEASE
    job.attempts += 1
    session.flush()
    return job


def renew(session: Session, worker: uuid.UUID, job_id: int) -> None:
    """Hold on to a request for another ``LEASE``, unless it is ending at this moment."""
    mine = select(ThumbnailJob.id).where(
        ThumbnailJob.id == job_id, ThumbnailJob.claimed_by == worker
    )
    held = mine.with_for_update(skip_locked=True).scalar_subquery()
    longer = update(ThumbnailJob).where(ThumbnailJob.id == held)
    session.execute(
        longer.values(claimed_until=func.clock_timestamp() + LEASE), execution_options=_FAST
    )


def hold_mine(session: Session, worker: uuid.UUID, job_id: int) -> ThumbnailJob | None:
    """Lock a request that is still this worker's: its time is not over, and nobody deleted it."""
    query = select(ThumbnailJob).where(ThumbnailJob.id == job_id, ThumbnailJob.claimed_by == worker)
    return session.scalar(query.with_for_update(), execution_options={"populate_existing": True})


def give_back(session: Session, worker: uuid.UUID, job_id: int, *, counted: bool) -> None:
    """Give a request back; the sweep queues it again after a while.

    Args:
        counted: whether the attempt is held against it.
    """
    job = hold_mine(session, worker, job_id)
    if job is not None:
        job.claimed_by = job.claimed_until = None
        job.queued_at = func.clock_timestamp()
        job.attempts -= 0 if counted else 1


def late(session: Session, patience: timedelta, most: int) -> Sequence[int]:
    """Requests that wait, that nobody is at and that were not queued lately, which count as queued
    from now on."""
    waiting = (
        select(ThumbnailJob.id)
        .where(_FREE, ThumbnailJob.queued_at < func.clock_timestamp() - patience)
        .order_by(ThumbnailJob.queued_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    wanted = waiting.cte("waiting").prefix_with("MATERIALIZED")
    queued = (
        update(ThumbnailJob)
        .where(ThumbnailJob.id.in_(select(wanted.c.id)))
        .values(queued_at=func.clock_timestamp())
        .returning(ThumbnailJob.id)
    )
    return session.scalars(queued, execution_options=_FAST).all()


_FAST = {"synchronize_session": False}
