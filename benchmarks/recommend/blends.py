"""Other ways to make one ranking of the service's sources, each tried on the same candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from service.recommend.availability import shown
from service.recommend.blend import WEIGHTS, Scale, blend, least_to_best
from service.recommend.recommend import LEAST_WIDE, RELEVANCE, WIDER, likeness_of
from service.recommend.short_lists import short_lists
from service.recommend.sources import FAME, close, together
from service.recommend.taste import taste_of
from similarity.diverse import diverse


def by_the_best(scores: Sequence[float]) -> list[float]:
    """Each as a share of the best."""
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def by_rank(scores: Sequence[float], least: int = 60) -> list[float]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
    ranks = np.argsort(np.argsort(-np.asarray(scores), kind="stable"))
    return [float((least + 1) / (least + 1 + rank)) for rank in ranks]


@dataclass(frozen=True)
class Blend:
    """Weights of the sources, their scale, and how much it tells against a film that many like."""

    weights: Mapping[str, float]
    scale: Scale = least_to_best
    fame: float = FAME


HEAVY = WEIGHTS | {"popular": 0.15, "fresh": 0.1}
BLENDS = {
    "blended by the best, popularity 0.15, cosine": Blend(HEAVY, by_the_best, 0.5),
    "blended from least to best, popularity 0.15, cosine": Blend(HEAVY, least_to_best, 0.5),
    "blended from least to best, cosine": Blend(WEIGHTS, least_to_best, 0.5),
    "blended by reciprocal ranks": Blend(WEIGHTS, by_rank),
}


def blended(session: Session, viewer: str, made_by: str, k: int, way: Blend) -> list[str]:
    """A person's list by another blend, without exploration."""
    taste = taste_of(session, viewer, made_by)
    popular, fresh, _ = short_lists(session, taste, taste.language, 0.0)
    sources = {
        "together": together(session, taste, way.fame),
        "close": close(session, taste, made_by),
        "popular": popular,
        "fresh": fresh,
    }
    wide = blend(sources, way.weights, way.scale)[: max(WIDER * k, LEAST_WIDE)]
    found = shown(session, [one.item for one in wide], (), viewer, made_by)
    order = diverse([one.score for one in wide], likeness_of(wide, found), k, RELEVANCE)
    return [found[wide[place].item].id for place in order]
