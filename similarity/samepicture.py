"""Whether two pictures are the same one, changed: cheap signs first, pixels for what lies between.

The bounds are those of ``python -m benchmarks.similarity.samepicture``: see docs/similarity.md.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from similarity.alignment import Overlay, Points, mirrored, overlay
from similarity.hashes import distance

SAME_HASH = 4  # of 64 bits, and POSSIBLE_COSINE: differ in no more, and the pixels are not asked
SAME_COSINE = 0.998  # of embeddings: from here on the pixels are not asked
POSSIBLE_COSINE = 0.85  # below, two pictures show different things, and the pixels are not asked
LEAST_MATCHES = 12
LEAST_CORRELATION = 0.8
LEAST_SHARE = 0.1


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
    one, other = hashes
    if one is not None and other is not None and distance(one, other) <= SAME_HASH:
        return How.HASH
    if cosine >= SAME_COSINE:
        return How.EMBEDDING
    return How.PIXELS if pixels() else None


class Lens:
    """One picture that is laid over several others, as it is and mirrored."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._mirrored: Points | None = None

    def lies_on(self, other: Points) -> bool:
        """Whether the picture, or its mirror image, is the other one or a part of it."""
        if fits(overlay(self._points, other)):
            return True
        if self._mirrored is None:
            self._mirrored = mirrored(self._points)
        return fits(overlay(self._mirrored, other))


def fits(found: Overlay) -> bool:
    """Whether one picture lies on another so well that it is no accident."""
    return (
        found.matches >= LEAST_MATCHES
        and found.correlation >= LEAST_CORRELATION
        and found.share >= LEAST_SHARE
    )
