"""Which posts this worker may work on, for as long as its transaction lasts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from service.tables import Post


def lock(session: Session, ids: Sequence[int]) -> Sequence[int]:
    """Take a transaction-level advisory lock for each pending post that nobody else has.

    The lock ends with the transaction, also when its process is killed, and leaves the row free
    to be superseded or deleted in the meantime.
    """
    # Materialised: the planner must not try the lock of rows that the filter would drop.
    wanted = (
        select(Post.id)
        .where(Post.id.in_(ids), Post.state == "pending")
        .cte("wanted")
        .prefix_with("MATERIALIZED")
    )
    return session.scalars(
        select(wanted.c.id).where(func.pg_try_advisory_xact_lock(wanted.c.id))
    ).all()


def count_attempt(session: Session, ids: Sequence[int]) -> dict[int, int]:
    """Count one more attempt for each post nobody else is at.

    Returns:
        attempts so far, this one among them, by post.
    """
    free = lock(session, ids)
    counted = (
        update(Post)
        .where(Post.id.in_(free), Post.state == "pending")
        .values(attempts=Post.attempts + 1)
        .returning(Post.id, Post.attempts)
    )
    return {row.id: row.attempts for row in session.execute(counted)}


def claim(session: Session, ids: Sequence[int]) -> Sequence[Post]:
    """The posts among ``ids`` that are this transaction's to decide.

    Read after the locks are had: somebody may have decided one just before.
    """
    free = lock(session, ids)
    query = (
        select(Post)
        .where(Post.id.in_(free), Post.state == "pending")
        .options(selectinload(Post.images))
        .order_by(Post.id)
    )
    return session.scalars(query).all()
