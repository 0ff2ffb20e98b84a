"""Posts that wait too long, for whatever reason, are queued again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from service.parts import Parts
from service.queue import SCREEN, hint
from service.tables import Post

MOST = 1000


def requeue(parts: Parts) -> int:
    """Queue again every post that has been pending for too long without a sign of work.

    Returns:
        how many were queued.
    """
    before = datetime.now(UTC) - timedelta(seconds=parts.config.requeue_after_seconds)
    waiting = (
        select(Post.id)
        .where(Post.state == "pending", Post.queued_at < before)
        .order_by(Post.queued_at)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    with parts.sessions.begin() as session:
        ids = session.scalars(
            update(Post)
            .where(Post.id.in_(waiting.scalar_subquery()))
            .values(queued_at=func.now())
            .returning(Post.id)
        ).all()
    for post_id in ids:
        hint(parts.queue, SCREEN, post_id)
    return len(ids)
