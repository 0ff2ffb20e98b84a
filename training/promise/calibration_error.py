"""How well scores mean probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BINS = 15


def expected_error(scores: Floats, truth: Floats) -> float:
    """Expected calibration error of scores [n] against truth [n] (1 or 0), 15 equal bins.

    Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    """
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    total = 0.0
    for one in range(BINS):
        chosen = place == one
        if chosen.any():
            total += chosen.mean() * abs(float(scores[chosen].mean()) - float(truth[chosen].mean()))
    return float(total)


def brier(scores: Floats, truth: Floats) -> float:
    """The mean squared distance of scores from truth (Brier 1950)."""
    return float(((scores - truth) ** 2).mean())
