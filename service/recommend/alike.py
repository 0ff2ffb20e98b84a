"""What is close in content to one item."""

from __future__ import annotations

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.recommend.sources import SourcedItem, close
from service.recommend.taste import Liked, Taste
from service.tables import ItemVector


def alike(session: Session, item: int, made_by: str, viewer: int = 0) -> list[SourcedItem] | None:
    """The items (by row) nearest to one, the likest first; ``score`` is the cosine.

    Args:
        item: its row.
        made_by: the network whose vectors are compared.
        viewer: the row of a person; what they did anything with is left out.

    Returns:
        None where the item has no vector of this network.
    """
    query = select(ItemVector.vector).where(
        ItemVector.item_id == item, ItemVector.made_by == made_by
    )
    vector = session.scalar(query)
    if vector is None:
        return None
    this = Liked(item, "", 1.0, 0, np.asarray(vector, np.float32))
    found = close(session, Taste(viewer, (this,), ""), made_by)
    return [one for one in found if one.item != item]
