"""Whether two sets of photographs show the same, whatever was done to the files in between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# The least cosine of two embeddings of one photograph, compressed, scaled or slightly cut in
# between (`python -m benchmarks.similarity.bound`).
NEAR = 0.95


@dataclass(frozen=True)
class Likeness:
    """How alike two posts' photographs are.

    ``closest`` is the cosine of the likest pair. ``same`` is whether each photograph of either has
    a near-duplicate in the other, so that whoever has looked at one post has looked at both.
    """

    closest: float
    same: bool


def likeness(one: Floats, other: Floats, near: float = NEAR) -> Likeness:
    """Compare two posts by the embeddings of their photographs.

    Args:
        one: L2-normalised embeddings, [n, dimension], made by one network; n at least 1.
        other: [m, dimension], made by the same network; m at least 1.
        near: the least cosine of near-duplicates.

    Raises:
        ValueError: a post has no embedding, or the dimensions differ.
    """
    if not len(one) or not len(other):
        raise ValueError("Both posts need at least one embedding.")
    cosines = one @ other.T
    covered = cosines.max(axis=1).min(), cosines.max(axis=0).min()
    return Likeness(float(cosines.max()), bool(min(covered) >= near))
