"""Keep items from being deleted, or lock one to change it (``service/locks.py``)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.database import one_of
from service.tables import Item


def keep_items(session: Session, ids: Collection[int]) -> set[int]:
    """Those of the items that are there, and stay until the transaction ends: by ascending id."""
    if not ids:
        return set()
    rows = select(Item.id).where(one_of(Item.id, ids)).order_by(Item.id)
    return set(session.scalars(rows.with_for_update(read=True, key_share=True)))


def hold_item(session: Session, external_id: str) -> Item | None:
    """Lock an item that was sent as one (not a post's), and read it anew."""
    query = select(Item).where(Item.kind == "item", Item.external_id == external_id)
    return session.scalar(query.with_for_update(), execution_options={"populate_existing": True})
