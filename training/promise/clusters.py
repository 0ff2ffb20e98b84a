"""Photographs of one source are no independent trials: how many trials they are worth.

Kish 1965, "Survey Sampling" (design effect); Korn and Graubard 1998, "Confidence intervals for
proportions with small expected number of positive counts estimated from survey data".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Ids = NDArray[np.intp]


def cluster_ids(names: Sequence[str | None]) -> Ids:
    """A number for each source; a photograph without one is a source of its own."""
    numbers: dict[object, int] = {}
    return np.array(
        [
            numbers.setdefault(name if name else (place,), len(numbers))
            for place, name in enumerate(names)
        ],
        np.intp,
    )


def trials(ids: Ids, correlation: float) -> Doubles:
    """What each photograph is worth as an independent trial: float64 [n] in 0..1.

    ``m`` photographs of a source are worth ``m / (1 + (m - 1) * correlation)`` trials together.
    """
    if not len(ids):
        return np.zeros(0)
    sizes = np.bincount(ids)
    return np.asarray(1 / (1 + (sizes[ids] - 1) * correlation), np.float64)


def intraclass(wrong: NDArray[np.bool_], ids: Ids) -> tuple[float, float]:
    """Covariance of two errors of one source, and the variance of an error, each source alike.

    Their ratio is the intraclass correlation; both are summed over labels before dividing.
    """
    sizes = np.bincount(ids)
    errors = np.bincount(ids, weights=wrong)
    here = sizes > 0
    sizes, errors = sizes[here], errors[here]
    rate = float((errors / sizes).mean()) if len(sizes) else 0.0
    several = sizes > 1
    if not several.any() or not 0 < rate < 1:
        return 0.0, 0.0
    m, e = sizes[several], errors[several]
    total = e - m * rate
    squares = e * (1 - rate) ** 2 + (m - e) * rate**2
    covariance = float(((total**2 - squares) / (m * (m - 1))).mean())
    return covariance, rate * (1 - rate)
