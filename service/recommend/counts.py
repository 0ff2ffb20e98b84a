"""Counts of pairs and of items, changed row by row in ascending order of their keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Double, Integer, delete, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from service.database import one_of
from service.recommend.events import Event
from service.recommend.heat import heat, heat_of_events, warmer, warmer_in_sql
from service.recommend.likes import Pairs
from service.tables import Interaction, ItemCount, ItemPair

KINDS = {"view": "views", "like": "likes", "save": "saves", "dislike": "dislikes"}
CHUNK = 5000  # rows of a statement


@dataclass
class Growth:
    """What one item's counts grow by."""

    events: Counter[str] = field(default_factory=Counter)
    heat: float | None = None

    def add(self, event: Event) -> None:
        """One more event."""
        self.events[event.kind] += 1
        self.heat = warmer(self.heat, heat(event.kind, event.at))


def add_pairs(session: Session, pairs: Pairs) -> None:
    """Add to pairs what may be less than nothing. Their items are kept (``keep_items``)."""
    changes = sorted((*pair, n) for pair, n in pairs.items() if n)
    for start in range(0, len(changes), CHUNK):
        some = changes[start : start + CHUNK]
        given = _table(
            some, "item_id", "other_id", "n", types=(BigInteger(), BigInteger(), Integer())
        )
        rows = insert(ItemPair).from_select(
            ["item_id", "other_id", "n"], select(given).order_by(given.c.item_id, given.c.other_id)
        )
        total = {"n": ItemPair.n + rows.excluded.n}
        session.execute(
            rows.on_conflict_do_update(index_elements=["item_id", "other_id"], set_=total)
        )
        less = [(item, other) for item, other, n in some if n < 0]
        if less:
            gone = delete(ItemPair).where(ItemPair.n <= 0)
            gone = gone.where(tuple_(ItemPair.item_id, ItemPair.other_id).in_(less))
            session.execute(gone, execution_options=_FAST)


def add_counts(session: Session, growth: dict[int, Growth]) -> None:
    """Add to what is counted of items. They are kept (``keep_items``)."""
    if not growth:
        return
    rows = [
        (item, *(one.events[kind] for kind in KINDS), one.heat)
        for item, one in sorted(growth.items())
    ]
    names = ("item_id", *KINDS.values(), "heat")
    given = _table(rows, *names, types=(*(BigInteger() for _ in range(5)), Double()))
    new = insert(ItemCount).from_select(list(names), select(given).order_by(given.c.item_id))
    total = {
        name: getattr(ItemCount, name) + getattr(new.excluded, name) for name in KINDS.values()
    }
    total["heat"] = warmer_in_sql(ItemCount.heat, new.excluded.heat)
    session.execute(new.on_conflict_do_update(index_elements=["item_id"], set_=total))


def recount(session: Session, ids: Collection[int]) -> None:
    """Count items again from what is left of their events, after some were forgotten.

    Whoever adds an event at this moment adds its count after us, or has added it before.
    """
    mine = (
        select(ItemCount.item_id).where(one_of(ItemCount.item_id, ids)).order_by(ItemCount.item_id)
    )
    held = session.scalars(mine.with_for_update()).all()
    numbers = [
        func.count().filter(Interaction.kind == kind).label(name) for kind, name in KINDS.items()
    ]
    left = (
        select(Interaction.item_id, *numbers, heat_of_events().label("heat"))
        .where(one_of(Interaction.item_id, held))
        .group_by(Interaction.item_id)
        .subquery()
    )
    counted = update(ItemCount).where(ItemCount.item_id == left.c.item_id)
    values = {name: left.c[name] for name in (*KINDS.values(), "heat")}
    session.execute(counted.values(values), execution_options=_FAST)
    has_events = select(Interaction.item_id).where(Interaction.item_id == ItemCount.item_id)
    none = delete(ItemCount).where(one_of(ItemCount.item_id, held), ~has_events.exists())
    session.execute(none, execution_options=_FAST)


def _table(
    rows: Sequence[tuple[object, ...]], *names: str, types: Sequence[TypeEngine[Any]]
) -> TableValuedAlias:
    """Rows as a table, in one parameter for each column."""
    columns = [
        literal([row[place] for row in rows], ARRAY(kind)) for place, kind in enumerate(types)
    ]
    return func.unnest(*columns).table_valued(*names).render_derived()


_FAST = {"synchronize_session": False}
