"""What stands behind the recommendation of one item to one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.items.cards import Card, cards_of
from service.recommend.history import Said, when_liked
from service.recommend.taste import Liked, taste_of
from service.tables import ItemCount, ItemPair, ItemVector


@dataclass(frozen=True)
class Behind:
    """One liked item: the event, how many people like both, and how alike they are in content
    (cosine; None where one of them has no vector). ``card`` is None where it is shown no more.
    ``weight`` is 1 for what was liked last."""

    card: Card | None
    said: Said | None
    weight: float
    both: int
    likeness: float | None


@dataclass(frozen=True)
class Why:
    """All that a recommendation can rest on. ``liked`` is what the person liked lately, what speaks
    most for the item first; ``likes`` and ``views`` are everybody's."""

    liked: Sequence[Behind]
    likes: int
    views: int


def why(session: Session, viewer: str, item: int, made_by: str) -> Why:
    """What the sources know of an item (by row) for a person (by the platform's id)."""
    taste = taste_of(session, viewer, made_by)
    ids = [one.item for one in taste.liked]
    pairs = select(ItemPair.other_id, ItemPair.n)
    both = dict(
        session.execute(pairs.where(ItemPair.item_id == item, ItemPair.other_id.in_(ids))).all()
    )
    mine = session.scalar(
        select(ItemVector.vector).where(ItemVector.item_id == item, ItemVector.made_by == made_by)
    )
    cards, said = cards_of(session, ids), when_liked(session, taste.viewer, ids)
    liked = [
        Behind(
            cards.get(one.item),
            said.get(one.item),
            one.weight,
            both.get(one.item, 0),
            _likeness(one, mine),
        )
        for one in taste.liked
    ]
    liked.sort(key=lambda one: (-one.weight * one.both, -one.weight * (one.likeness or 0)))
    count = session.get(ItemCount, item)
    return Why(liked, count.likes + count.saves if count else 0, count.views if count else 0)


def _likeness(liked: Liked, mine: object) -> float | None:
    if liked.vector is None or mine is None:
        return None
    return float(np.dot(liked.vector, np.asarray(mine, np.float32)))
