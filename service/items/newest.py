"""The items that were added last."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.tables import Item

LOOKED_THROUGH = 300  # posts that passed are among them


def newest(session: Session, most: int) -> Sequence[int]:
    """The rows of the newest items that are no posts, the last one first: of the newest
    ``LOOKED_THROUGH`` items and posts."""
    added = (
        select(Item.id, Item.kind, Item.added_at)
        .where(Item.available)
        .order_by(Item.added_at.desc())
        .limit(LOOKED_THROUGH)
        .cte("added")
        .prefix_with("MATERIALIZED")
    )
    query = select(added.c.id).where(added.c.kind == "item")
    return session.scalars(query.order_by(added.c.added_at.desc(), added.c.id).limit(most)).all()
