"""What the sweep does for thumbnails: hints of requests that wait, and the end of old ones."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.erasure import owe_erasure
from service.parts import Parts
from service.queue import THUMBNAILS, Queue, hint
from service.tables import ThumbnailJob
from service.thumbnails.claim import late
from service.uploads.derived import drop_requests

PATIENCE = timedelta(seconds=20)
MOST_QUEUED = 50  # hints in the broker: the rows say what waits
CHUNK = 200
MOST_CHUNKS = 10  # of one turn; the next one goes on


def sweep_thumbnails(parts: Parts) -> None:
    """One turn."""
    room = MOST_QUEUED - int(parts.redis.llen(Queue.LOOKING))
    with parts.sessions.begin() as session:
        waiting = late(session, PATIENCE, max(1, room))  # one at least, however much else waits
    for job_id in waiting:
        hint(parts.queue, THUMBNAILS, job_id)
    for _ in range(MOST_CHUNKS):
        with parts.sessions.begin() as session:
            gone = expire(session)
        if not gone:
            break
        structlog.get_logger().info("thumbnails_expired", rows=gone)


def expire(session: Session) -> int:
    """Drop requests whose time is over, and owe their JPEGs."""
    over = (
        select(ThumbnailJob.id)
        .where(ThumbnailJob.expires_at <= func.clock_timestamp())
        .order_by(ThumbnailJob.expires_at)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(over).all()
    owe_erasure(session, drop_requests(session, ids), "deleted")
    return len(ids)
