"""Lock posts, always in the same order (``service/locks.py``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, selectinload

from service.tables import Post


def hold_posts(session: Session, row_ids: Collection[int]) -> Sequence[Post]:
    """Lock posts' rows in ascending order of id and read them again; missing ones are left out.

    The holder of a post's row may change everything that belongs to it: no other transaction adds
    to it, answers, deletes or replaces it.
    """
    query = select(Post).where(Post.id.in_(row_ids)).order_by(Post.id).with_for_update()
    # The verdicts, too: those that were read before the lock may be another's by now.
    query = query.options(selectinload(Post.verdicts))
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def hold_post(session: Session, row_id: int) -> Post:
    """Lock one post's row and read it anew.

    Raises:
        NoResultFound: there is no such row.
    """
    found = hold_posts(session, [row_id])
    if not found:
        raise NoResultFound(f"No post has the row {row_id}.")
    return found[0]


def hold_revisions(session: Session, external_id: str) -> Sequence[Post]:
    """Lock every revision of a post, by ascending id. ``Lock.POST`` of its id is held before."""
    query = select(Post).where(Post.external_id == external_id).order_by(Post.id)
    return session.scalars(
        query.with_for_update(), execution_options={"populate_existing": True}
    ).all()
