"""One ranking from several sources. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.recommend.sources import SourcedItem

Scale = Callable[[Sequence[float]], Sequence[float]]  # of one source, the best first

# Chosen by the film that people liked before the last one; docs/recommend.md has the figures.
WEIGHTS = {"together": 1.0, "close": 0.35, "popular": 0.05, "fresh": 0.05}


@dataclass(frozen=True)
class Scored:
    """A candidate with its score, 0 to 1, and the source that gave most of it."""

    item: int
    score: float
    source: str
    found: SourcedItem


def least_to_best(scores: Sequence[float]) -> list[float]:
    """1 for the best, 0 for the least; all 1 where they are equal."""
    if not scores:
        return []
    least, best = min(scores), max(scores)
    if best == least:
        return [1.0] * len(scores)
    return [(score - least) / (best - least) for score in scores]


def blend(
    sources: Mapping[str, Sequence[SourcedItem]],
    weights: Mapping[str, float] = WEIGHTS,
    scale: Scale = least_to_best,
) -> list[Scored]:
    """Add up what the sources say of each candidate, each source scaled from its least to its best.

    Cosines of content lie close together: scaled by the best alone, the hundredth is worth nearly
    as much as the first, and whatever else says a little of a candidate decides the order.
    """
    total = sum(weights[name] for name, found in sources.items() if found) or 1.0
    scores: dict[int, float] = {}
    best: dict[int, tuple[float, str, SourcedItem]] = {}
    for name, found in sources.items():
        for one, scaled in zip(found, scale([one.score for one in found]), strict=True):
            part = weights[name] * scaled / total
            scores[one.item] = scores.get(one.item, 0.0) + part
            if one.item not in best or part > best[one.item][0]:
                best[one.item] = (part, name, one)
    ranked = sorted(scores, key=lambda item: (-scores[item], item))
    return [Scored(item, scores[item], *best[item][1:]) for item in ranked]
