"""A request and what came of it, read from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.tables import ThumbnailFrame, ThumbnailJob, ThumbnailPicture

LATEST = 10


@dataclass(frozen=True)
class Result:
    """A request, all of its candidates in order, and the chosen ones, the best one first."""

    job: ThumbnailJob
    candidates: Sequence[ThumbnailFrame]

    @property
    def chosen(self) -> list[ThumbnailFrame]:
        """The frames that were chosen."""
        ranked = [(one.rank, one) for one in self.candidates if one.rank is not None]
        return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def result_of(session: Session, key: str) -> Result | None:
    """What came of a request; None: there is none, or its time is over."""
    job = session.scalar(_living(key))
    if job is None:
        return None
    return all_of(session, job)


def all_of(session: Session, job: ThumbnailJob) -> Result:
    """What came of a request that was read already."""
    frames = select(ThumbnailFrame).where(ThumbnailFrame.job_id == job.id)
    return Result(job, session.scalars(frames.order_by(ThumbnailFrame.position)).all())


def latest(session: Session, made_by: str) -> Sequence[ThumbnailJob]:
    """The newest requests of one key or person."""
    living = ThumbnailJob.expires_at > func.clock_timestamp()
    mine = select(ThumbnailJob).where(ThumbnailJob.made_by == made_by, living)
    return session.scalars(mine.order_by(ThumbnailJob.id.desc()).limit(LATEST)).all()


def stored_at(session: Session, key: str, rank: int) -> ThumbnailFrame | None:
    """A chosen frame by its rank; None: there is none."""
    job = _living(key).with_only_columns(ThumbnailJob.id).scalar_subquery()
    query = select(ThumbnailFrame).where(ThumbnailFrame.job_id == job, ThumbnailFrame.rank == rank)
    return session.scalar(query)


def small_at(session: Session, key: str, position: int) -> bytes | None:
    """The small JPEG of a candidate; None: there is none."""
    job = _living(key).with_only_columns(ThumbnailJob.id).scalar_subquery()
    query = select(ThumbnailFrame.small)
    return session.scalar(
        query.where(ThumbnailFrame.job_id == job, ThumbnailFrame.position == position)
    )


def unread(session: Session, job_id: int) -> Sequence[ThumbnailPicture]:
    """The pictures that were sent and could not be had."""
    query = select(ThumbnailPicture).where(
        ThumbnailPicture.job_id == job_id, ThumbnailPicture.error.is_not(None)
    )
    return session.scalars(query.order_by(ThumbnailPicture.id)).all()


def _living(key: str) -> Select[ThumbnailJob]:
    return select(ThumbnailJob).where(
        ThumbnailJob.key == key, ThumbnailJob.expires_at > func.clock_timestamp()
    )
