"""Two thresholds a label: what is stated is wrong at most so often, with such confidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Promise:
    """At most ``max_error`` of the stated facts are wrong, with probability ``confidence``."""

    max_error: float = 0.05
    confidence: float = 0.95


@dataclass(frozen=True)
class Thresholds:
    """A label's thresholds; None where held-back data is too little. ``missing`` says how many
    photographs more are needed at least."""

    true_at: float | None
    false_at: float | None
    missing: int = 0


def upper_bound(wrong: int, total: int, confidence: float) -> float:
    """The largest error rate that ``wrong`` of ``total`` is compatible with.

    One-sided, Clopper and Pearson 1934, "The use of confidence or fiducial limits".
    """
    if wrong >= total:
        return 1.0
    return float(beta.ppf(confidence, wrong + 1, total - wrong))


def fewest(promise: Promise) -> int:
    """The photographs without one error that it takes to make the promise."""
    return int(np.ceil(np.log(1 - promise.confidence) / np.log(1 - promise.max_error)))
