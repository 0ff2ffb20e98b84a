"""The items that are recommended to a person: a fixed number of bounded questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.recommend import words
from service.recommend.blend import Scored, blend
from service.recommend.explore import Draw
from service.recommend.sources import close, drawn, fresh, popular, together
from service.recommend.taste import Liked, Taste, taste_of
from service.tables import Item, ItemVector, Json, Post
from similarity.diverse import diverse
from similarity.duplicates import Floats

RELEVANCE = 0.8  # against the likeness to what stands above
WIDER = 3  # times as many candidates as are asked for are told apart
LEAST_WIDE = 30
MODEL = "blend-1"


@dataclass(frozen=True)
class Asked:
    """``viewer`` is the platform's id of a person; ``language`` is ko, en, or None for the language
    of what they like. ``share`` of the list is for something else."""

    viewer: str
    k: int
    made_by: str
    draw: Draw
    share: float
    language: str | None = None


@dataclass(frozen=True)
class Recommended:
    """One item, by its id on the platform. ``reason`` is ``{"en", "ko"}``."""

    id: str
    kind: str
    score: float
    reason: Json


def recommend(session: Session, asked: Asked) -> list[Recommended]:
    """At most ``k`` items that the person did nothing with yet, the best first.

    Whoever is not known gets what is popular and what is new. What cannot be shown at this moment,
    as a post that was flagged, is left out by the last question, which asks what there is to show.
    """
    taste = taste_of(session, asked.viewer, asked.made_by)
    language = asked.language or taste.language
    scored = blend(
        {
            "together": together(session, taste),
            "close": close(session, taste, asked.made_by),
            "popular": popular(session, taste, language),
            "fresh": fresh(session, taste, language),
        }
    )
    wide = scored[: max(WIDER * asked.k, LEAST_WIDE)]
    tried = [one.item for one in drawn(session, taste, language, asked.draw.place)]
    shown = _shown(session, {one.item for one in wide} | set(tried), asked.viewer)
    wide = [one for one in wide if one.item in shown]
    vectors = _vectors(session, [one.item for one in wide], asked.made_by)
    order = diverse([one.score for one in wide], _likeness(wide, vectors), asked.k, RELEVANCE)
    best = [(wide[place].item, wide[place]) for place in order]
    return [
        Recommended(
            *shown[item],
            round(scored_one.score, 4) if scored_one else 0.0,
            _reason(scored_one, taste, vectors),
        )
        for item, scored_one in _mixed(best, [item for item in tried if item in shown], asked)
    ]


def _mixed(
    best: Sequence[tuple[int, Scored]], tried: Sequence[int], asked: Asked
) -> list[tuple[int, Scored | None]]:
    """The best, with something else at the positions that are drawn for it."""
    ranked, others = list(best), [item for item in tried if item not in {one for one, _ in best}]
    mixed: list[tuple[int, Scored | None]] = []
    while len(mixed) < asked.k and (ranked or others):
        explores = asked.draw.explores(len(mixed), asked.share)
        if others and (explores or not ranked):
            mixed.append((others.pop(0), None))
        elif ranked:
            mixed.append(ranked.pop(0))
    return mixed


def _shown(session: Session, ids: set[int], viewer: str) -> dict[int, tuple[str, str]]:
    """Id and kind of what may be shown at this moment, and is not the person's own."""
    query = (
        select(Item.id, Item.external_id, Item.kind)
        .outerjoin(Post, Post.id == Item.post_id)
        .where(Item.id.in_(ids), Item.available)
        .where(or_(Item.post_id.is_(None), func.coalesce(Post.author_id, "") != viewer))
    )
    return {row: (name, kind) for row, name, kind in session.execute(query)}


def _vectors(session: Session, ids: Sequence[int], made_by: str) -> dict[int, Floats]:
    query = select(ItemVector.item_id, ItemVector.vector)
    query = query.where(ItemVector.item_id.in_(ids), ItemVector.made_by == made_by)
    return {item: np.asarray(vector, np.float32) for item, vector in session.execute(query)}


def _likeness(wide: Sequence[Scored], vectors: Mapping[int, Floats]) -> Floats:
    """The cosine of each pair, NaN where one has no vector."""
    length = len(next(iter(vectors.values()))) if vectors else 1
    unknown = np.full(length, np.nan, np.float32)
    rows = np.array([vectors.get(one.item, unknown) for one in wide], np.float32)
    likeness: Floats = rows @ rows.T if len(rows) else np.zeros((0, 0), np.float32)
    return likeness


def _reason(one: Scored | None, taste: Taste, vectors: Mapping[int, Floats]) -> Json:
    if one is None:
        return words.EXPLORE
    if one.source == "together" and one.found.because:
        return words.because_liked(one.found.because.title)
    if one.source == "close" and (liked := _nearest(one.item, taste, vectors)):
        return words.looks_like(liked.title)
    return words.FRESH if one.source == "fresh" else words.POPULAR


def _nearest(item: int, taste: Taste, vectors: Mapping[int, Floats]) -> Liked | None:
    """Which liked item is closest in content."""
    mine = vectors.get(item)
    if mine is None:
        return None
    likeness = [
        (float(np.dot(one.vector, mine)), one) for one in taste.liked if one.vector is not None
    ]
    return max(likeness, key=lambda pair: pair[0])[1] if likeness else None
