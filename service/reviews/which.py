"""Which reviews settled a post, and which only measure how well people agree."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from service.tables import Review

MEASURES = frozenset({"double", "control"})


def settles() -> ColumnElement[bool]:
    """The reviews that settled a post and were not taken back."""
    return and_(Review.kind.not_in(MEASURES), Review.undone_at.is_(None))
