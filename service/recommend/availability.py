"""What may be shown of a few candidates at this moment, with their content vectors."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Select, Text, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.recommend.halfvec import received, sent
from service.tables import Item, ItemVector, Post
from similarity.duplicates import Floats


@dataclass(frozen=True)
class AvailableItem:
    """An item's id on the platform and its kind; ``vector`` is None where none is known."""

    id: str
    kind: str
    vector: Floats | None


def shown(
    session: Session, ranked: Sequence[int], others: Collection[int], viewer: str, made_by: str
) -> Mapping[int, AvailableItem]:
    """Of items by their rows, those that are to be had and are not the person's own.

    Args:
        session: where they are.
        ranked: those of which the vectors are needed.
        others: of these they are not.
        viewer: the person, by the platform's id.
        made_by: the network whose vectors are meant.
    """
    given = {
        "ids": list({*ranked, *others}),
        "ranked": list(ranked),
        "viewer": viewer,
        "made_by": made_by,
    }
    rows = session.execute(_SHOWN, given)
    return {row: AvailableItem(name, kind, received(vector)) for row, name, kind, vector in rows}


def _shown() -> Select[int, str, str, bytes | None]:
    ids, ranked = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("ids", "ranked"))
    mine = func.coalesce(Post.author_id, "") == bindparam("viewer", type_=Text)
    vector = and_(
        ItemVector.item_id == Item.id,
        ItemVector.item_id == any_(ranked),
        ItemVector.made_by == bindparam("made_by", type_=Text),
    )
    return (
        select(Item.id, Item.external_id, Item.kind, sent(ItemVector.vector))
        .outerjoin(Post, Post.id == Item.post_id)
        .outerjoin(ItemVector, vector)
        .where(Item.id == any_(ids), Item.available)
        .where(or_(Item.post_id.is_(None), ~mine))
    )


_SHOWN = _shown()
