"""The items that are recommended to a person: a fixed number of bounded questions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from service.recommend import words
from service.recommend.availability import AvailableItem, shown
from service.recommend.blend import Scored, blend
from service.recommend.explore import Draw
from service.recommend.short_lists import short_lists
from service.recommend.sources import SourcedItem, close, together
from service.recommend.taste import Liked, Taste, taste_of
from service.tables import Json
from similarity.diverse import diverse
from similarity.duplicates import Floats

RELEVANCE = 0.8  # against the likeness to what stands above
WIDER = 3  # times as many candidates as are asked for are told apart
LEAST_WIDE = 30
BY_LOT = 3  # of so many places for something else, one is drawn from all items
MODEL = "blend-2"


@dataclass(frozen=True)
class RecommendationRequest:
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


def recommend(session: Session, asked: RecommendationRequest) -> list[Recommended]:
    """At most ``k`` items that the person did nothing with yet, the best first.

    Whoever is not known gets what is popular and what is new. What cannot be shown at this moment,
    as a post that was flagged, is left out by the last question, which asks what there is to show.
    """
    taste = taste_of(session, asked.viewer, asked.made_by)
    language = asked.language or taste.language
    near = close(session, taste, asked.made_by)
    popular, fresh, drawn = short_lists(session, taste, language, asked.draw.place)
    scored = blend(
        {
            "together": together(session, taste),
            "close": near,
            "popular": popular,
            "fresh": fresh,
        }
    )
    wide = scored[: max(WIDER * asked.k, LEAST_WIDE)]
    others = list(_others(near, drawn))
    ids = [one.item for one in wide]
    found = shown(session, ids, [one.item for one in others], asked.viewer, asked.made_by)
    wide = [one for one in wide if one.item in found]
    order = diverse([one.score for one in wide], likeness_of(wide, found), asked.k, RELEVANCE)
    best = [(wide[place].item, wide[place]) for place in order]
    tried = [one.item for one in others if one.item in found]
    return [
        Recommended(
            found[item].id,
            found[item].kind,
            round(one.score, 4) if one else 0.0,
            _reason(one, taste, found),
        )
        for item, one in _mixed(best, tried, asked)
    ]


def _others(near: Sequence[SourcedItem], drawn: Sequence[SourcedItem]) -> Iterator[SourcedItem]:
    """Something else, each once: what is close in content and nobody has tried yet, the closest
    first, and in between what is drawn from all items."""
    untried, lot = iter([one for one in near if one.untried]), iter(drawn)
    given: set[int] = set()
    for turn in range(1, 2 * (len(near) + len(drawn)) + 1):
        one = next(lot if turn % BY_LOT == 0 else untried, None) or next(untried, None)
        one = one or next(lot, None)
        if one is None:
            return
        if one.item not in given:
            given.add(one.item)
            yield one


def _mixed(
    best: Sequence[tuple[int, Scored]], others: Sequence[int], asked: RecommendationRequest
) -> list[tuple[int, Scored | None]]:
    """The best, with something else at the positions that are drawn for it."""
    listed_already = {item for item, _ in best}
    ranked, tried = deque(best), deque(item for item in others if item not in listed_already)
    mixed: list[tuple[int, Scored | None]] = []
    while len(mixed) < asked.k and (ranked or tried):
        explores = asked.draw.explores(len(mixed), asked.share)
        if tried and (explores or not ranked):
            mixed.append((tried.popleft(), None))
        else:
            mixed.append(ranked.popleft())
    return mixed


def likeness_of(wide: Sequence[Scored], found: Mapping[int, AvailableItem]) -> Floats:
    """The cosine of each pair, NaN where one has no vector."""
    vectors = [found[one.item].vector for one in wide]
    length = next((len(vector) for vector in vectors if vector is not None), 1)
    unknown = np.full(length, np.nan, np.float32)
    rows = np.array([unknown if vector is None else vector for vector in vectors], np.float32)
    likeness: Floats = rows @ rows.T if len(rows) else np.zeros((0, 0), np.float32)
    return likeness


def _reason(one: Scored | None, taste: Taste, found: Mapping[int, AvailableItem]) -> Json:
    if one is None:
        return words.EXPLORE
    if one.source == "together" and one.found.because:
        return words.because_liked(one.found.because.title)
    if one.source == "close" and (liked := _nearest(found[one.item].vector, taste)):
        return words.looks_like(liked.title)
    return words.FRESH if one.source == "fresh" else words.POPULAR


def _nearest(mine: Floats | None, taste: Taste) -> Liked | None:
    """Which liked item is closest in content."""
    if mine is None:
        return None
    likeness = [
        (float(np.dot(one.vector, mine)), one) for one in taste.liked if one.vector is not None
    ]
    return max(likeness, key=lambda pair: pair[0])[1] if likeness else None
