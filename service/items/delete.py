"""Delete an item with its pictures, its vectors, and all that people did with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.erasure import owe_erasure
from service.items.hold import hold_item
from service.items.put import owner_of
from service.locks import Lock, lock
from service.tables import Base, Interaction, Item, ItemImage, ItemVector
from service.uploads.claim import give_up


@dataclass(frozen=True)
class GoneItem:
    """What went with an item, in rows; ``owed`` are the erasures of its uploads' files."""

    pictures: int
    vectors: int
    interactions: int
    owed: list[int]


def delete_item(session: Session, external_id: str) -> GoneItem | None:
    """Forget an item in the caller's transaction; None: there is none.

    Its vectors, events, opinions and counts, and those of pairs with it, go with its row.
    """
    lock(session, Lock.ITEM, external_id)
    item = hold_item(session, external_id)
    if item is None:
        return None
    counts = [_count(session, table, item.id) for table in (ItemImage, ItemVector, Interaction)]
    uploads = give_up(session, owner_of(external_id))
    session.execute(
        delete(Item).where(Item.id == item.id), execution_options={"synchronize_session": False}
    )
    owed = owe_erasure(session, uploads.places, "deleted")
    return GoneItem(counts[0], counts[1], counts[2], owed)


def _count(session: Session, table: type[Base], item_id: int) -> int:
    column = table.__table__.c.item_id
    return session.scalar(select(func.count()).where(column == item_id)) or 0
