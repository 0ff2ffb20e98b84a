"""The shelves of a person's page: what is recommended, and what is like what they liked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from service.items.cards import Card, Name, cards_named, cards_of
from service.recommend.alike import alike
from service.recommend.recommend import RecommendationRequest, recommend
from service.recommend.taste import taste_of
from service.tables import Json

RECOMMENDED = 12
ALIKE = 6
LOOKED_THROUGH = 30  # of those alike: others stand above, or may not be shown
LAST_LIKED = 2  # items that have a shelf of what is like them
SHOWN_LIKED = 10


def _event() -> str:
    return f"watch-{uuid.uuid4()}"


@dataclass(frozen=True)
class Pick:
    """A card with what can be said about why it is here. ``event`` is the id of what is clicked:
    a form that is sent twice counts once."""

    card: Card
    reason: Json | None = None
    event: str = field(default_factory=_event)


@dataclass(frozen=True)
class Shelf:
    """A row of picks; ``of`` is the item that they are like. ``is_blind``: that item has no
    vector, so nothing can be compared."""

    picks: Sequence[Pick]
    of: Card | None = None
    is_blind: bool = False


@dataclass(frozen=True)
class Shelves:
    """A person's page: the shelf that was asked for, what is recommended, what is like what they
    liked last, and what they liked lately."""

    asked: Shelf | None
    recommended: Shelf
    alike: Sequence[Shelf]
    liked: Sequence[Pick]


def shelves_of(session: Session, question: RecommendationRequest, of: Name | None) -> Shelves:
    """Read a person's page, by a fixed number of questions.

    Args:
        question: who asks, and for how many.
        of: an item that more of the like is asked for.
    """
    found = recommend(session, question)
    taste = taste_of(session, question.viewer, question.made_by)
    named = cards_named(session, {(one.kind, one.id) for one in found} | ({of} if of else set()))
    wanted = named.get(of) if of else None
    last = [one.item for one in taste.liked[:LAST_LIKED]]
    centres = [*last, wanted.row] if wanted else last
    near = {row: _near(session, row, question.made_by, taste.viewer) for row in centres}
    liked = [one.item for one in taste.liked[:SHOWN_LIKED]]
    rows = cards_of(session, {*liked, *(one for some in near.values() for one in some or ())})

    picks = [
        Pick(named[one.kind, one.id], one.reason) for one in found if (one.kind, one.id) in named
    ]
    taken = {pick.card.row for pick in picks} | ({wanted.row} if wanted else set())
    shelves = []
    for row in last:
        shelf = _shelf(rows.get(row), near[row], rows, taken)
        taken |= {pick.card.row for pick in shelf.picks}
        shelves.append(shelf)
    return Shelves(
        _shelf(wanted, near[wanted.row], rows, set()) if wanted else None,
        Shelf(picks),
        [shelf for shelf in shelves if shelf.of and shelf.picks],
        [Pick(rows[row]) for row in liked if row in rows],
    )


def _near(session: Session, row: int, made_by: str, viewer: int) -> list[int] | None:
    found = alike(session, row, made_by, viewer)
    return None if found is None else [one.item for one in found[:LOOKED_THROUGH]]


def _shelf(
    of: Card | None, near: Sequence[int] | None, rows: Mapping[int, Card], taken: set[int]
) -> Shelf:
    left = [row for row in near or () if row in rows and row not in taken]
    return Shelf([Pick(rows[row]) for row in left[:ALIKE]], of, near is None)
