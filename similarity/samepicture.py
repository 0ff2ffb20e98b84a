"""Whether two pictures are the same one, changed: cheap signs first, pixels for what lies between.

The bounds are those of ``python -m benchmarks.similarity.samepicture``: see docs/similarity.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum

from similarity.alignment import (
    LEAST_MATCHES,
    SIDE,
    Overlay,
    Points,
    matches,
    mirrored,
    overlay,
    points_of,
)
from similarity.hashes import Grey, distance

SAME_HASH = 4  # of 64 bits: differ in no more, and the pixels are not asked
SAME_HASH_COSINE = 0.945  # below, equal hashes are those of two skies, or of two faces
SAME_COSINE = 0.998  # of embeddings: from here on the pixels are not asked
POSSIBLE_COSINE = 0.85  # below, two pictures show different things, and the pixels are not asked
LEAST_AGREEMENT = 0.5
LEAST_SHARE = 0.1
SMALL = 80  # pixels of the longer side
LEAST_POINTS_IN_SMALL = 20
LEAST_MATCHES_IN_SMALL = 3


class How(StrEnum):
    """What told that two pictures are the same."""

    HASH = "hash"
    EMBEDDING = "embedding"
    PIXELS = "pixels"


def same_picture(
    hashes: tuple[int | None, int | None], cosine: float, pixels: Callable[[], bool]
) -> How | None:
    """Compare two pictures; None: they are two.

    Args:
        hashes: of both; None for a picture that has none.
        cosine: of their embeddings.
        pixels: looks at them, which costs most: called only where the others do not tell.
    """
    if cosine < POSSIBLE_COSINE:
        return None
    if cosine >= SAME_HASH_COSINE and _bits_off(*hashes) <= SAME_HASH:
        return How.HASH
    if cosine >= SAME_COSINE:
        return How.EMBEDDING
    return How.PIXELS if pixels() else None


def _bits_off(one: int | None, other: int | None) -> float:
    """In how many bits two hashes differ; infinite where there is none."""
    return math.inf if one is None or other is None else distance(one, other)


class Picture:
    """A picture that is laid over others. Its points are found when they are first asked for."""

    def __init__(self, pixels: Grey) -> None:
        self._pixels = pixels
        self._found: dict[tuple[int, bool], Points] = {}

    def points(self, side: int, *, mirror: bool = False) -> Points:
        """Its points, or those of its mirror image, where its longer side has so many pixels."""
        if (side, mirror) not in self._found:
            self._found[side, mirror] = (
                mirrored(self.points(side)) if mirror else points_of(self._pixels, side)
            )
        return self._found[side, mirror]

    def lies_on(self, other: Picture) -> bool:
        """Whether the picture, or its mirror image, is the other one or a part of it.

        Finding points is what costs, and a small picture has few. So two are compared as small
        ones first: most that are two have next to nothing in common there.
        """
        return any(
            may_fit(self.points(SMALL, mirror=mirror), other.points(SMALL))
            and fits(overlay(self.points(SIDE, mirror=mirror), other.points(SIDE)))
            for mirror in (False, True)
        )


def may_fit(one: Points, other: Points) -> bool:
    """Whether two pictures may fit, by their points as small ones; too few points say nothing."""
    points = min(len(one.places), len(other.places))
    return points < LEAST_POINTS_IN_SMALL or len(matches(one, other)) >= LEAST_MATCHES_IN_SMALL


def fits(found: Overlay) -> bool:
    """Whether one picture lies on another so well that it is no accident."""
    return (
        found.matches >= LEAST_MATCHES
        and found.agreement >= LEAST_AGREEMENT
        and found.share >= LEAST_SHARE
    )
