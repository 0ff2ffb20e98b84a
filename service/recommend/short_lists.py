"""What is popular, what is new, and a few of all items: three short lists by one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Double,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from service.recommend.sources import TAKEN, SourcedItem, unseen
from service.recommend.taste import Taste
from service.tables import Item, ItemCount

HOTTEST = 300  # looked through for what is not seen yet
NEWEST = 300
DRAWN = 50

POPULAR, FRESH, DRAWN_BY_LOT = range(3)


def short_lists(
    session: Session, taste: Taste, language: str, place: float
) -> tuple[list[SourcedItem], list[SourcedItem], list[SourcedItem]]:
    """What many people view and like at the moment; what was added last; and some of all items,
    from a place in their random order on. Each in a language where one is named."""
    given: Mapping[str, object] = {"viewer": taste.viewer, "language": language, "place": place}
    ranked: tuple[list[tuple[float, int]], ...] = ([], [], [])
    for which, item, rank in session.execute(_SHORT_LISTS, given):
        ranked[which].append((-rank, item))
    popular, fresh, drawn = (_scored(sorted(of)) for of in ranked)
    return popular, fresh, drawn


def _scored(ranked: Sequence[tuple[float, int]]) -> list[SourcedItem]:
    return [SourcedItem(item, 1 - place / len(ranked)) for place, (_, item) in enumerate(ranked)]


def _short_lists() -> CompoundSelect[Any]:
    hottest = select(ItemCount.item_id.label("id"), ItemCount.heat.label("rank"))
    hottest = hottest.where(ItemCount.heat.is_not(None)).order_by(ItemCount.heat.desc())
    added = cast(func.extract("epoch", Item.added_at), Double)
    newest = select(Item.id, added.label("rank")).where(Item.available)
    around = select(Item.id, (-Item.shuffle).label("rank")).where(Item.available)
    around = around.where(Item.shuffle >= bindparam("place", type_=Double))
    return union_all(
        _ranked(POPULAR, hottest.limit(HOTTEST)),
        _ranked(FRESH, newest.order_by(Item.added_at.desc()).limit(NEWEST)),
        _ranked(DRAWN_BY_LOT, around.order_by(Item.shuffle).limit(DRAWN)),
    )


def _ranked(which: int, some: Select[int, Any]) -> Select[int, int, Any]:
    """Of a few items with a ``rank``, those that the person may see, the highest first."""
    few = some.cte(f"few_{which}").prefix_with("MATERIALIZED")
    language = bindparam("language", type_=Text)
    return (
        select(literal(which, Integer), few.c.id, few.c.rank)
        .join(Item, Item.id == few.c.id)
        .where(Item.available, unseen(Item.id))
        .where(or_(language == "", Item.language == language, Item.language == ""))
        .order_by(few.c.rank.desc(), Item.id)
        .limit(TAKEN)
    )


_SHORT_LISTS = _short_lists()
