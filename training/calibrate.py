"""Scores that mean probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# A slope pulled towards 1: what a label with few photographs is calibrated to.
PULL = 1.0
FEWEST = 10


@dataclass(frozen=True)
class Platt:
    """score = sigmoid(slope * logit + shift)."""

    slope: float = 1.0
    shift: float = 0.0

    def score(self, logits: Floats) -> Floats:
        """Calibrated probabilities of log-odds of any shape."""
        return (0.5 * (1 + np.tanh((self.slope * logits + self.shift) / 2))).astype(np.float32)


def fit_platt(logits: Floats, truth: Floats) -> Platt:
    """The sigmoid that fits held-back log-odds [n] and their truth [n] (1, 0, NaN unknown) best.

    Platt 1999, "Probabilistic outputs for support vector machines", with his smoothed targets. The
    identity where fewer than ten photographs speak for either side.
    """
    known = ~np.isnan(truth)
    z, y = logits[known].astype(np.float64), truth[known].astype(np.float64)
    shown, absent = float(y.sum()), float((1 - y).sum())
    if min(shown, absent) < FEWEST:
        return Platt()
    smooth = np.where(y > 0, (shown + 1) / (shown + 2), 1 / (absent + 2))

    def loss(at: Doubles) -> float:
        odds = np.exp(at[0]) * z + at[1]
        return float((np.logaddexp(0, odds) - smooth * odds).sum() + PULL * at[0] ** 2)

    slope, shift = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return Platt(float(np.exp(slope)), float(shift))
