"""The service itself: its tables filled, its counts made of them, its lists asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.database import own_database
from benchmarks.recommend.blends import Blend, blended
from benchmarks.recommend.data import Films, Rating, Split
from benchmarks.recommend.methods import Scores
from benchmarks.recommend.speed import count_interactions
from service.database import Sessions, make_sessions
from service.items.put import NewItem, put_item
from service.recommend.explore import Draw
from service.recommend.recommend import RecommendationRequest, recommend
from service.tables import Interaction, Item, ItemVector, Viewer

AT_ONCE = 1000
MOST = 100  # of all films, of which those that are looked for are counted


@dataclass(frozen=True)
class Way:
    """One way to ask the service: by whose vectors, with what share of exploration, or by another
    blend of its sources."""

    made_by: str
    share: float = 0.0
    blend: Blend | None = None


def ours(
    films: Films, split: Split, vectors: Mapping[str, Scores], ways: Mapping[str, Way]
) -> dict[str, dict[int, list[int]]]:
    """The lists of the service, each way by its name; ``vectors`` are by what made them."""
    with own_database() as database:
        sessions = make_sessions(database.engine)
        places = _fill(sessions, films, split, vectors)
        found: dict[str, dict[int, list[int]]] = {}
        for name, way in ways.items():
            with sessions() as session:
                found[name] = {
                    person: _ask(session, person, way, places, split) for person in split.wanted
                }
    return found


def _fill(
    sessions: Sessions, films: Films, split: Split, vectors: Mapping[str, Scores]
) -> dict[str, int]:
    for start in range(0, len(films.ids), AT_ONCE):
        with sessions.begin() as session:
            for place in range(start, min(start + AT_ONCE, len(films.ids))):
                sent = NewItem(films.ids[place], films.titles[place], "", (), "")
                row = put_item(session, sent, []).row
                session.add_all(
                    ItemVector(item_id=row, made_by=maker, vector=made[place])
                    for maker, made in vectors.items()
                    if made[place].any()
                )
    with sessions.begin() as session:
        rows = {name: row for row, name in session.execute(select(Item.id, Item.external_id))}
        people = [{"external_id": str(person)} for person in range(films.people)]
        made = session.execute(insert(Viewer).returning(Viewer.external_id, Viewer.id), people)
        viewers = dict(made.all())
        session.execute(
            insert(Interaction),
            [
                _interaction(rating, viewers[str(rating.person)], rows[films.ids[rating.film]])
                for rating in split.known
            ],
        )
    count_interactions(sessions)
    return {name: place for place, name in enumerate(films.ids)}


def _interaction(rating: Rating, viewer: int, item: int) -> dict[str, object]:
    """A rating that is no like tells that the film was seen."""
    return {
        "external_id": f"{viewer} {item}",
        "viewer_id": viewer,
        "item_id": item,
        "kind": "like" if rating.is_liked else "view",
        "at": datetime.fromtimestamp(rating.at, UTC),
    }


def _ask(
    session: Session, person: int, way: Way, places: Mapping[str, int], split: Split
) -> list[int]:
    k = 20 if split.candidates is None else MOST
    if way.blend is not None:
        names = blended(session, str(person), way.made_by, k, way.blend)
    else:
        draw = Draw(b"benchmark", str(person), date(2026, 1, 1))
        asked = RecommendationRequest(str(person), k, way.made_by, draw, way.share)
        names = [one.id for one in recommend(session, asked)]
    found = [places[name] for name in names]
    if split.candidates is None:
        return found
    return [film for film in found if film in split.candidates]


def unit(vectors: Scores) -> Scores:
    """Vectors of norm 1."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Scores = (vectors / np.maximum(norms, 1e-9)).astype(np.float32)
    return scaled
