"""Queue posts again that have waited too long, for whatever reason."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, func, or_, select, true, update
from sqlalchemy.orm import Session

from service import waits
from service.parts import Parts
from service.queue import SCREEN, Queue, hint
from service.tables import Post

MOST = 1000  # in one sweep
BATCHES_QUEUED = 4  # keep the workers busy; a queue that is longer needs no more hints


def requeue(parts: Parts) -> int:
    """Queue again posts whose hint is probably lost.

    A hint is still in the queue as long as those that were queued after it are, too. So while the
    queue is long, only the posts that it has overtaken are queued again: a post that waits has
    about one hint, however many wait. While an outage lasts, a few are tried now and then.

    Returns:
        how many were queued.
    """
    queued = parts.redis.llen(Queue.SCREENING)
    with parts.sessions.begin() as session:
        is_out = bool(waits.current(session))
        most = parts.config.batch_size if is_out else MOST
        is_short = queued < BATCHES_QUEUED * parts.config.batch_size
        ids = _lease(session, parts.config.requeue_after_seconds, most, is_short=is_short)
    for post_id in ids:
        if not hint(parts.queue, SCREEN, post_id):
            break  # the broker is away: the others are found when it is back
    return len(ids)


def _lease(session: Session, seconds: float, most: int, *, is_short: bool) -> list[int]:
    patience = timedelta(seconds=seconds)
    now = func.clock_timestamp()
    at_work = select(func.min(Post.queued_at)).where(
        Post.state == "pending", Post.claimed_until > now
    )
    overtaken = true() if is_short else Post.queued_at < at_work.scalar_subquery() - patience
    waiting = (
        select(Post.id)
        .where(
            Post.state == "pending",
            Post.queued_at < now - patience,
            or_(Post.claimed_until.is_(None), Post.claimed_until <= now),
            overtaken,
        )
        .order_by(Post.queued_at)
        .limit(most)
        .with_for_update(skip_locked=True)
        .cte("waiting")
        .prefix_with("MATERIALIZED")
    )
    hinted = (
        update(Post)
        .where(and_(Post.id.in_(select(waiting.c.id)), Post.state == "pending"))
        .values(queued_at=now)
        .returning(Post.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(hinted))
