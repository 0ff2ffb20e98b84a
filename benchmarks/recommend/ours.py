"""The service itself: its tables filled by its own functions, its lists asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
from sqlalchemy.orm import Session

from benchmarks.database import own_database
from benchmarks.recommend.data import Films, Rating, Split
from benchmarks.recommend.methods import Scores
from service.database import Sessions, make_sessions
from service.items.put import NewItem, put_item
from service.recommend.events import Event
from service.recommend.explore import Draw
from service.recommend.recommend import Asked, recommend
from service.recommend.record import record_events
from service.tables import ItemVector

AT_ONCE = 1000
MADE_BY = "benchmark"
MOST = 100


def ours(
    films: Films, split: Split, vectors: Scores, shares: Mapping[str, float]
) -> dict[str, dict[int, list[int]]]:
    """The lists of the service, for each share of exploration by its name."""
    with own_database() as database:
        sessions = make_sessions(database.engine)
        places = _fill(sessions, films, split, vectors)
        found: dict[str, dict[int, list[int]]] = {}
        for name, share in shares.items():
            with sessions() as session:
                found[name] = {
                    person: _ask(session, person, share, places, split) for person in split.wanted
                }
    return found


def _fill(sessions: Sessions, films: Films, split: Split, vectors: Scores) -> dict[str, int]:
    for start in range(0, len(films.ids), AT_ONCE):
        with sessions.begin() as session:
            for place in range(start, min(start + AT_ONCE, len(films.ids))):
                sent = NewItem(films.ids[place], films.titles[place], "", (), "")
                row = put_item(session, sent, []).row
                vector = vectors[place]
                session.add(ItemVector(item_id=row, made_by=MADE_BY, vector=vector))
    events = [_event(films, rating) for rating in split.known]
    for start in range(0, len(events), AT_ONCE):
        with sessions.begin() as session:
            record_events(session, events[start : start + AT_ONCE])
    return {name: place for place, name in enumerate(films.ids)}


def _event(films: Films, rating: Rating) -> Event:
    """A rating that is no like tells that the film was seen."""
    kind: Literal["like", "view"] = "like" if rating.is_liked else "view"
    at = datetime.fromtimestamp(rating.at, UTC)
    name = f"{rating.person} {rating.film}"
    return Event(name, str(rating.person), "item", films.ids[rating.film], kind, None, at)


def _ask(
    session: Session, person: int, share: float, places: Mapping[str, int], split: Split
) -> list[int]:
    k = 20 if split.candidates is None else MOST
    draw = Draw(b"benchmark", str(person), date(2026, 1, 1))
    asked = Asked(str(person), k, MADE_BY, draw, share)
    found = [places[one.id] for one in recommend(session, asked)]
    if split.candidates is None:
        return found
    return [film for film in found if film in split.candidates]


def unit(vectors: Scores) -> Scores:
    """Vectors of norm 1."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Scores = (vectors / np.maximum(norms, 1e-9)).astype(np.float32)
    return scaled
