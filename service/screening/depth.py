"""How many posts wait to be screened, counted no further than needed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.tables import Post


def is_deeper_than(session: Session, most: int) -> bool:
    """Whether more than ``most`` posts are pending.

    Reads at most ``most`` + 1 entries of the index of pending posts, however many there are.
    """
    some = select(Post.queued_at).where(Post.state == "pending").limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most
