"""Where recommendations come from: bounded searches, each by an index.

The statements are made once: to put one together takes as long as PostgreSQL needs to answer it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from service.likeness.scan import probe
from service.recommend.taste import Liked, Taste
from service.tables import Interaction, ItemCount, ItemPair, ItemVector

PARTNERS = 100  # of each liked item
NEAREST = 100
TAKEN = 60
SHRINK = 5.0  # likes that a pair must outweigh: few say little
FAME = 0.6  # the power of how many like a candidate: at 0.5, as in the cosine, all lists are alike


@dataclass(frozen=True)
class SourcedItem:
    """A candidate of one source: its score there, and the liked item that led to it. ``untried``:
    nobody is known to have done anything with it."""

    item: int
    score: float
    because: Liked | None = None
    untried: bool = False


def together(session: Session, taste: Taste, fame: float = FAME) -> list[SourcedItem]:
    """What people like who like the same: how many like both, over what their numbers of likes let
    expect (nearly the cosine of the two sets, shrunk where they are small). The more ``fame``
    counts, the less is found what everybody likes."""
    if not taste.liked:
        return []
    by_item = {one.item: one for one in taste.liked}
    totals: dict[int, float] = {}
    best: dict[int, tuple[float, Liked]] = {}
    given = {"liked": list(by_item), "viewer": taste.viewer}
    for other, item, n, likes in session.execute(_TOGETHER, given):
        mine = by_item[item]
        expected = max(mine.likes, 1) ** 0.5 * max(likes, 1) ** fame
        part = mine.weight * n / (expected + SHRINK)
        totals[other] = totals.get(other, 0.0) + part
        if other not in best or part > best[other][0]:
            best[other] = (part, mine)
    ranked = sorted(totals, key=lambda item: (-totals[item], item))
    return [SourcedItem(item, totals[item], best[item][1]) for item in ranked[: 2 * TAKEN]]


def close(session: Session, taste: Taste, made_by: str) -> list[SourcedItem]:
    """What is close in content to what the person liked lately."""
    direction = taste.vector
    if direction is None:
        return []
    probe(session)
    given = {"direction": direction, "viewer": taste.viewer}
    rows = session.execute(_close(made_by, len(direction)), given)
    return [SourcedItem(item, max(0.0, 1 - far), None, untried) for item, far, untried in rows]


def unseen(item: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The person (``:viewer``, 0: nobody known) did nothing with the item yet."""
    viewer = bindparam("viewer", type_=BigInteger)
    seen = select(Interaction.id).where(
        Interaction.viewer_id == viewer, Interaction.item_id == item
    )
    return ~seen.correlate_except(Interaction).exists()


def _together() -> Select[Any]:
    ids = bindparam("liked", type_=ARRAY(BigInteger))
    liked = func.unnest(ids).table_valued("id").render_derived(name="liked")
    partners = (
        select(ItemPair.item_id, ItemPair.other_id, ItemPair.n)
        .where(ItemPair.item_id == liked.c.id)
        .order_by(ItemPair.n.desc(), ItemPair.other_id)  # as the index has them
        .limit(PARTNERS)
        .lateral("partners")
    )
    return (
        select(
            partners.c.other_id,
            partners.c.item_id,
            partners.c.n,
            ItemCount.likes + ItemCount.saves,
        )
        .select_from(liked)
        .join(partners, true())
        .join(ItemCount, ItemCount.item_id == partners.c.other_id)
        .where(unseen(partners.c.other_id))
    )


@lru_cache(maxsize=8)
def _close(made_by: str, dimension: int) -> Select[Any]:
    """Its index is that of one network, so the statement names it."""
    form = HALFVEC(dimension)
    direction = cast(bindparam("direction", type_=form), form)
    distance = cast(ItemVector.vector, form).cosine_distance(direction)
    nearest = (
        select(ItemVector.item_id, distance.label("distance"))
        .where(ItemVector.made_by == literal(made_by, literal_execute=True))
        .order_by(distance)
        .limit(NEAREST)
        .cte("nearest")
        .prefix_with("MATERIALIZED")
    )
    tried = func.coalesce(ItemCount.views + ItemCount.likes + ItemCount.saves, 0)
    return (
        select(nearest.c.item_id, nearest.c.distance, tried == 0)
        .outerjoin(ItemCount, ItemCount.item_id == nearest.c.item_id)
        .where(unseen(nearest.c.item_id))
        .order_by(nearest.c.distance, nearest.c.item_id)
    )


_TOGETHER = _together()
