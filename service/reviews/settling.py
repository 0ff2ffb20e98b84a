"""Which reviews settled a post, and which only measure how well people agree."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from service.tables import Review

MEASURES = frozenset({"double", "control"})


def settles() -> ColumnElement[bool]:
    """The reviews that settled a post and were not taken back."""
    return and_(Review.kind.not_in(MEASURES), Review.undone_at.is_(None))


def settlers(session: Session, post_id: int) -> Sequence[int]:
    """The ids of everybody who settled a post, whatever others answered later."""
    query = select(Review.user_id).where(Review.post_id == post_id, settles()).distinct()
    return session.scalars(query).all()
