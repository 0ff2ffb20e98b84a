"""Where recommendations come from: bounded searches, each by an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.recommend.taste import Liked, Taste
from service.tables import Interaction, Item, ItemCount, ItemPair, ItemVector

PARTNERS = 100  # of each liked item
NEAREST = 100
HOTTEST = 300  # looked through for what is not seen yet
NEWEST = 300
DRAWN = 50
TAKEN = 60
SHRINK = 5.0  # likes that a pair must outweigh: few say little


@dataclass(frozen=True)
class Found:
    """A candidate of one source: its score there, and the liked item that led to it."""

    item: int
    score: float
    because: Liked | None = None


def together(session: Session, taste: Taste) -> list[Found]:
    """What people like who like the same: how many like both, over what their numbers of likes let
    expect (the cosine of the two sets, shrunk where they are small)."""
    if not taste.liked:
        return []
    ids = literal([one.item for one in taste.liked], ARRAY(BigInteger))
    liked = func.unnest(ids).table_valued("id").render_derived(name="liked")
    partners = (
        select(ItemPair.item_id, ItemPair.other_id, ItemPair.n)
        .where(ItemPair.item_id == liked.c.id)
        .order_by(ItemPair.n.desc())
        .limit(PARTNERS)
        .lateral("partners")
    )
    query = (
        select(
            partners.c.other_id,
            partners.c.item_id,
            partners.c.n,
            ItemCount.likes + ItemCount.saves,
        )
        .select_from(liked)
        .join(partners, true())
        .join(ItemCount, ItemCount.item_id == partners.c.other_id)
        .where(_unseen(taste, partners.c.other_id))
    )
    by_item = {one.item: one for one in taste.liked}
    totals: dict[int, float] = {}
    best: dict[int, tuple[float, Liked]] = {}
    for other, item, n, likes in session.execute(query):
        mine = by_item[item]
        part = mine.weight * n / (sqrt(max(mine.likes, 1) * max(likes, 1)) + SHRINK)
        totals[other] = totals.get(other, 0.0) + part
        if other not in best or part > best[other][0]:
            best[other] = (part, mine)
    ranked = sorted(totals, key=lambda item: (-totals[item], item))
    return [Found(item, totals[item], best[item][1]) for item in ranked[: 2 * TAKEN]]


def close(session: Session, taste: Taste, made_by: str) -> list[Found]:
    """What is close in content to what the person liked lately."""
    direction = taste.vector
    if direction is None:
        return []
    session.execute(select(func.set_config("hnsw.ef_search", str(NEAREST), True)))
    form = HALFVEC(len(direction))
    distance = cast(ItemVector.vector, form).cosine_distance(cast(literal(direction, form), form))
    nearest = (
        select(ItemVector.item_id, distance.label("distance"))
        .where(ItemVector.made_by == literal(made_by, literal_execute=True))
        .order_by(distance)
        .limit(NEAREST)
        .cte("nearest")
        .prefix_with("MATERIALIZED")
    )
    query = select(nearest.c.item_id, nearest.c.distance).where(_unseen(taste, nearest.c.item_id))
    rows = session.execute(query.order_by(nearest.c.distance, nearest.c.item_id)).all()
    return [Found(item, max(0.0, 1 - far)) for item, far in rows]


def popular(session: Session, taste: Taste, language: str) -> list[Found]:
    """What many people view and like at the moment, in a language where one is named."""
    hottest = select(ItemCount.item_id.label("id"), ItemCount.heat.label("rank"))
    hottest = hottest.where(ItemCount.heat.is_not(None)).order_by(ItemCount.heat.desc())
    return _by_rank(session, taste, language, hottest.limit(HOTTEST))


def fresh(session: Session, taste: Taste, language: str) -> list[Found]:
    """What was added last, in a language where one is named."""
    newest = select(Item.id, Item.added_at.label("rank")).where(Item.available)
    return _by_rank(session, taste, language, newest.order_by(Item.added_at.desc()).limit(NEWEST))


def drawn(session: Session, taste: Taste, language: str, place: float) -> list[Found]:
    """Some of all items, from a place in their random order on."""
    around = select(Item.id, (-Item.shuffle).label("rank"))
    around = around.where(Item.available, Item.shuffle >= place).order_by(Item.shuffle)
    return _by_rank(session, taste, language, around.limit(DRAWN))


def _unseen(taste: Taste, item: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The person did nothing with the item yet."""
    if not taste.viewer:
        return true()
    seen = select(Interaction.id).where(
        Interaction.viewer_id == taste.viewer, Interaction.item_id == item
    )
    return ~seen.correlate_except(Interaction).exists()


def _by_rank(session: Session, taste: Taste, language: str, some: Select[int, Any]) -> list[Found]:
    """Of a few items with a ``rank``, those that the person may see, the highest first."""
    few = some.cte("few").prefix_with("MATERIALIZED")
    query = (
        select(few.c.id)
        .join(Item, Item.id == few.c.id)
        .where(Item.available, _unseen(taste, Item.id))
        .where(Item.language.in_((language, "")) if language else true())
        .order_by(few.c.rank.desc(), Item.id)
        .limit(TAKEN)
    )
    found: Sequence[int] = session.scalars(query).all()
    return [Found(item, 1 - place / len(found)) for place, item in enumerate(found)]
