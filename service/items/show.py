"""An item as the wire shows it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.tables import Item, ItemImage, Json


def show_item(session: Session, external_id: str) -> Json | None:
    """The item and how its pictures fared; None: no item was sent with this id."""
    query = select(Item).where(Item.kind == "item", Item.external_id == external_id)
    item = session.scalar(query)
    if item is None:
        return None
    errors = session.scalars(
        select(ItemImage.error).where(ItemImage.item_id == item.id).order_by(ItemImage.position)
    )
    return {
        "id": item.external_id,
        "state": item.state,
        "title": item.title,
        "text": item.text,
        "tags": item.tags,
        "link": item.link,
        "year": item.year,
        "language": item.language,
        "images": [{"index": index, "error": error} for index, error in enumerate(errors)],
    }
