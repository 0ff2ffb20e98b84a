"""One ranking from several sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.recommend.sources import Found

# Chosen by hand, before anything was measured; docs/recommend.md says what they are worth.
WEIGHTS = {"together": 1.0, "close": 0.35, "popular": 0.15, "fresh": 0.1}


@dataclass(frozen=True)
class Scored:
    """A candidate with its score, 0 to 1, and the source that gave most of it."""

    item: int
    score: float
    source: str
    found: Found


def blend(
    sources: Mapping[str, Sequence[Found]], weights: Mapping[str, float] = WEIGHTS
) -> list[Scored]:
    """Add up what the sources say of each candidate, each source scaled to 1 for its best."""
    total = sum(weights[name] for name, found in sources.items() if found) or 1.0
    scores: dict[int, float] = {}
    best: dict[int, tuple[float, str, Found]] = {}
    for name, found in sources.items():
        top = max((one.score for one in found), default=0.0) or 1.0
        for one in found:
            part = weights[name] * one.score / top / total
            scores[one.item] = scores.get(one.item, 0.0) + part
            if one.item not in best or part > best[one.item][0]:
                best[one.item] = (part, name, one)
    ranked = sorted(scores, key=lambda item: (-scores[item], item))
    return [Scored(item, scores[item], *best[item][1:]) for item in ranked]
