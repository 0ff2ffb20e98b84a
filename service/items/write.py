"""What was found of items, written where they are still the worker's."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.items.claim import hold_mine
from service.items.gathered import Known
from service.tables import ItemImage, ItemVector
from similarity.duplicates import Floats

Vectors = Mapping[int, Floats | None]


def write(
    session: Session,
    worker: uuid.UUID,
    ids: Sequence[int],
    known: Known,
    vectors: Vectors,
    maker: str,
) -> None:
    """Write vectors and what was seen, in the caller's transaction. An item has one vector."""
    mine = hold_mine(session, worker, ids)
    kept = [item.id for item in mine]
    old = delete(ItemVector).where(ItemVector.item_id.in_(kept))
    session.execute(old, execution_options={"synchronize_session": False})
    for item in mine:
        item.state, item.looked_by = "ready", known.looked_by
        item.claimed_by = item.claimed_until = None
        vector = vectors.get(item.id)
        if vector is not None:
            session.add(ItemVector(item_id=item.id, made_by=maker, vector=vector))
    images = select(ItemImage).where(ItemImage.item_id.in_(kept), ItemImage.id.in_(known.pictures))
    for image in session.scalars(images):
        seen = known.pictures[image.id]
        image.made_by, image.vector, image.error = seen.made_by, seen.vector, seen.error
