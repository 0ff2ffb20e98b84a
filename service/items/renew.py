"""Vectors of items by a network that has become live."""

from __future__ import annotations

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from service.tables import Item, ItemImage, ItemVector


def renew_vectors(session: Session, made_by: str) -> None:
    """Have items looked at again of which a network has made no vector, in the caller's
    transaction. What somebody changes at this moment is left alone: it waits already, or is gone.
    """
    has_pictures = or_(Item.kind == "post", exists().where(ItemImage.item_id == Item.id))
    has_vector = exists().where(ItemVector.item_id == Item.id, ItemVector.made_by == made_by)
    lacking = select(Item.id).where(Item.state == "ready", has_pictures, ~has_vector)
    held = lacking.with_for_update(skip_locked=True).cte("held").prefix_with("MATERIALIZED")
    again = update(Item).where(Item.id.in_(select(held.c.id)))
    session.execute(
        again.values(state="pending", queued_at=func.clock_timestamp(), attempts=0),
        execution_options={"synchronize_session": False},
    )
