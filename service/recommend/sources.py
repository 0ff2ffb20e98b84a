"""Where recommendations come from: bounded searches, each by an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

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
    hottest = (
        select(ItemCount.item_id, ItemCount.heat)
        .where(ItemCount.heat.is_not(None))
        .order_by(ItemCount.heat.desc())
        .limit(HOTTEST)
        .cte("hottest")
        .prefix_with("MATERIALIZED")
    )
    query = (
        select(hottest.c.item_id)
        .join(Item, Item.id == hottest.c.item_id)
        .where(Item.available, _speaks(language), _unseen(taste, Item.id))
        .order_by(hottest.c.heat.desc(), Item.id)
        .limit(TAKEN)
    )
    return _by_rank(session, query)


def fresh(session: Session, taste: Taste, language: str) -> list[Found]:
    """What was added last, in a language where one is named."""
    newest = (
        select(Item.id, Item.language, Item.added_at)
        .where(Item.available)
        .order_by(Item.added_at.desc())
        .limit(NEWEST)
        .cte("newest")
        .prefix_with("MATERIALIZED")
    )
    query = (
        select(newest.c.id)
        .where(_speaks(language, newest.c.language), _unseen(taste, newest.c.id))
        .order_by(newest.c.added_at.desc(), newest.c.id)
        .limit(TAKEN)
    )
    return _by_rank(session, query)


def drawn(session: Session, taste: Taste, language: str, place: float) -> list[Found]:
    """Some of all items, from a place in their random order on."""
    around = (
        select(Item.id, Item.language, Item.shuffle)
        .where(Item.available, Item.shuffle >= place)
        .order_by(Item.shuffle)
        .limit(DRAWN)
        .cte("around")
        .prefix_with("MATERIALIZED")
    )
    query = (
        select(around.c.id)
        .where(_speaks(language, around.c.language), _unseen(taste, around.c.id))
        .order_by(around.c.shuffle)
    )
    return _by_rank(session, query)


def _unseen(taste: Taste, item: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The person did nothing with the item yet."""
    if not taste.viewer:
        return true()
    seen = select(Interaction.id).where(
        Interaction.viewer_id == taste.viewer, Interaction.item_id == item
    )
    return ~seen.correlate_except(Interaction).exists()


def _speaks(language: str, column: SQLColumnExpression[str] | None = None) -> ColumnElement[bool]:
    known = Item.language if column is None else column
    return known.in_((language, "")) if language else true()


def _by_rank(session: Session, query: Select[int]) -> list[Found]:
    found: Sequence[int] = session.scalars(query).all()
    return [Found(item, 1 - place / len(found)) for place, item in enumerate(found)]
