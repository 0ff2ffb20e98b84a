"""What a vector is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Item:
    """A post, a video or a film as its words and pictures; any of them may be missing.

    ``text`` is everything that is written about it. ``tags`` are a film's genres or a post's
    hashtags: those that the bundle knows count as tags, the others as words. ``year`` is when it
    was made. ``pictures`` is float32 [n, d]: one embedding a picture, all by the classifier that
    the bundle names.
    """

    title: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    year: int | None = None
    pictures: Floats | None = None
