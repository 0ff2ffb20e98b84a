"""A request for thumbnails becomes one committed row, within bounds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.locks import Lock, lock
from service.tables import ThumbnailJob, ThumbnailPicture
from service.thumbnails.extras import Extra

USUAL, MOST = 3, 20  # thumbnails of one request


class FullError(Exception):
    """So many requests wait, or so many results are kept, that no further one is taken."""


@dataclass(frozen=True)
class Bounds:
    """Of one key of the API, or one person: requests that may wait at once, and requests that are
    kept at once with what came of them; and how long one is kept."""

    waiting: int
    kept: int
    lifetime: timedelta


@dataclass(frozen=True)
class NewPicture:
    """Where a picture comes from: exactly one of the three."""

    url: str | None = None
    data: bytes | None = None
    upload: str | None = None


@dataclass(frozen=True)
class Request:
    """What is asked for: a video by its URL or upload, or else ``candidates``; and the style by
    ``references``, by an author's photographs (``channel``) or by those of a ``category``, if any.

    ``callback``: the platform asks, and is told of the end. ``extras``: further scores, by name.
    """

    wanted: int
    video_url: str | None = None
    video_upload: str | None = None
    candidates: Sequence[NewPicture] = ()
    references: Sequence[NewPicture] = ()
    channel: str | None = None
    category: str | None = None
    callback: bool = False
    extras: Sequence[Extra] = ()


@dataclass(frozen=True)
class AcceptedRequest:
    """A request that was taken in: its row, and the key that it is read by."""

    id: int
    key: str


def ask(session: Session, made_by: str, request: Request, bounds: Bounds) -> AcceptedRequest:
    """Add a request, in the caller's transaction. What it names was checked before.

    Args:
        made_by: whose key of the API asks, or who asks in the console.

    Raises:
        FullError: a bound is reached.
    """
    lock(session, Lock.THUMBNAILS, made_by)
    waiting, kept = _counted(session, made_by)
    if waiting >= bounds.waiting or kept >= bounds.kept:
        raise FullError
    job = ThumbnailJob(
        key=uuid.uuid4().hex,
        made_by=made_by,
        video_url=request.video_url,
        video_upload=request.video_upload,
        channel=request.channel,
        category=request.category,
        wanted=request.wanted,
        callback=request.callback,
        extras=list(request.extras),
        expires_at=func.clock_timestamp() + bounds.lifetime,
    )
    session.add(job)
    session.flush()
    for role, pictures in (("candidate", request.candidates), ("reference", request.references)):
        session.add_all(
            ThumbnailPicture(
                job_id=job.id,
                role=role,
                position=position,
                url=one.url,
                data=one.data,
                upload=one.upload,
            )
            for position, one in enumerate(pictures)
        )
    session.flush()
    return AcceptedRequest(job.id, job.key)


def _counted(session: Session, made_by: str) -> tuple[int, int]:
    counted = select(func.count().filter(ThumbnailJob.state == "pending"), func.count())
    waiting, kept = session.execute(counted.where(ThumbnailJob.made_by == made_by)).one()
    return int(waiting), int(kept)
