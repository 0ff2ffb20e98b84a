"""Items and people without the API."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select

from service.items.put import NewItem, put_item
from service.parts import Parts
from service.recommend.events import Event
from service.recommend.explore import Draw
from service.recommend.likes import WINDOW, Pairs
from service.recommend.recommend import RecommendationRequest, Recommended, recommend
from service.recommend.record import Recorded, record_events
from service.tables import Item, ItemPair, ItemVector, Opinion

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class World:
    """A catalogue and what people do with it."""

    parts: Parts
    numbers: Any = field(default_factory=itertools.count)

    def items(self, *names: str, **changes: str) -> None:
        """Add items with these ids, and no pictures."""
        for name in names:
            sent = NewItem(name, changes.get("title", f"About {name}"), "", (), "")
            with self.parts.sessions.begin() as session:
                put_item(session, sent, [])

    def event(self, viewer: str, item: str, kind: Any = "like", **changes: Any) -> Event:
        """An event, each a second after the one before."""
        number = next(self.numbers)
        at = changes.pop("at", BEGAN + timedelta(seconds=number))
        name = changes.pop("id", f"e-{number}")
        return Event(name, viewer, changes.pop("item_kind", "item"), item, kind, None, at)

    def send(self, *events: Event) -> Recorded:
        with self.parts.sessions.begin() as session:
            return record_events(session, events)

    def like(self, viewer: str, *items: str) -> None:
        self.send(*(self.event(viewer, item) for item in items))

    def ids(self) -> dict[int, str]:
        with self.parts.sessions() as session:
            return dict(session.execute(select(Item.id, Item.external_id)).all())

    def pairs(self) -> dict[tuple[str, str], int]:
        """How many people like both, as it is counted."""
        names = self.ids()
        with self.parts.sessions() as session:
            rows = session.scalars(select(ItemPair)).all()
        return {(names[row.item_id], names[row.other_id]): row.n for row in rows}

    def pairs_of_opinions(self) -> dict[tuple[str, str], int]:
        """The same, worked out from what people like."""
        names, counted = self.ids(), Pairs()
        columns = select(Opinion.viewer_id, Opinion.item_id, func.coalesce(Opinion.nth, 0))
        with self.parts.sessions() as session:
            rows = session.execute(columns.where(Opinion.nth.is_not(None))).all()
        for viewer, item, nth in rows:
            for other_viewer, other, other_nth in rows:
                if viewer == other_viewer and item != other and abs(nth - other_nth) <= WINDOW:
                    counted[item, other] += 1
        return {(names[item], names[other]): n for (item, other), n in counted.items()}

    def looks(self, name: str, vector: Sequence[float]) -> None:
        """Give an item a content vector, of which the first numbers are given."""
        encoding = self.parts.encoders.current()
        whole = np.zeros(encoding.dimension, np.float32)
        whole[: len(vector)] = vector
        with self.parts.sessions.begin() as session:
            item = session.scalars(select(Item.id).where(Item.external_id == name)).one()
            unit = whole / np.linalg.norm(whole)
            session.add(ItemVector(item_id=item, made_by=encoding.vector_id, vector=unit))

    def ask(
        self, viewer: str, k: int = 10, share: float = 0.0, language: str | None = None
    ) -> list[Recommended]:
        made_by = self.parts.encoders.current().vector_id
        draw = Draw(b"key", viewer, BEGAN.date())
        with self.parts.sessions() as session:
            return recommend(
                session, RecommendationRequest(viewer, k, made_by, draw, share, language)
            )

    def names(self, viewer: str, **how: Any) -> list[str]:
        return [one.id for one in self.ask(viewer, **how)]


@pytest.fixture
def world(parts: Parts) -> World:
    return World(parts)
