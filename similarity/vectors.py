"""An embedding that somebody sends: checked, and brought to length 1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from similarity.duplicates import Floats


class EmbeddingError(ValueError):
    """Numbers are no embedding. ``rule`` is one of length, not_finite and zero."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def embedding(numbers: Sequence[float], dimension: int) -> Floats:
    """The direction that numbers stand for: float32 [dimension], of norm 1.

    Raises:
        EmbeddingError: they are too many, too few, not finite, or all zero.
    """
    if len(numbers) != dimension:
        raise EmbeddingError("length", f"has {len(numbers)} numbers and needs {dimension}")
    given = np.asarray(numbers, np.float64)
    if not np.isfinite(given).all():
        raise EmbeddingError("not_finite", "holds a number that is infinite or none at all")
    largest = np.abs(given).max()
    if largest == 0:
        raise EmbeddingError("zero", "holds only zeros, which point nowhere")
    scaled = given / largest  # so that squares of very large numbers do not overflow
    direction: Floats = (scaled / np.linalg.norm(scaled)).astype(np.float32)
    return direction
