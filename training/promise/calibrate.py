"""Scores that mean probabilities: each way to calibrate, fitted to held-back photographs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from classifiers.calibration import Calibration, Isotonic, Platt, Temperature

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# Penalty that pulls the slope towards 1, which is what few photographs leave it at.
PULL = 1.0
FEWEST = 10
# How much of an isotonic score rises with the log-odds alone. Without it photographs would share a
# score, and thresholds could not part them in the order that does not depend on their truth.
RISE = 1e-3


def fit(way: str, logits: Floats, truth: Floats) -> Calibration:
    """A calibration fitted to held-back log-odds [n] and their truth [n] (1, 0, NaN unknown).

    ``way`` is one of ``WAYS``. Where fewer than ten photographs show the label, or fewer than ten
    do not, the scores are the sigmoid of the log-odds. Targets are smoothed as Platt 1999 does, so
    that no score is quite 0 or 1.
    """
    known = ~np.isnan(truth)
    z, y = logits[known].astype(np.float64), truth[known].astype(np.float64)
    shown, absent = float(y.sum()), float((1 - y).sum())
    if min(shown, absent) < FEWEST:
        return Platt()
    smooth = np.where(y > 0, (shown + 1) / (shown + 2), 1 / (absent + 2))
    return _FITS[way](z, smooth)


def way_of(calibrations: Sequence[Calibration]) -> str:
    """How a bundle is calibrated; labels with too few photographs say nothing of it."""
    kinds: Mapping[type[Calibration], str] = {Temperature: TEMPERATURE, Isotonic: ISOTONIC}
    return next((kinds[type(one)] for one in calibrations if type(one) in kinds), PLATT)


def _platt(z: Doubles, smooth: Doubles) -> Platt:
    """Platt 1999, "Probabilistic outputs for support vector machines"."""

    def loss(at: Doubles) -> float:
        odds = np.exp(at[0]) * z + at[1]
        return float((np.logaddexp(0, odds) - smooth * odds).sum() + PULL * at[0] ** 2)

    slope, shift = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return Platt(slope=float(np.exp(slope)), shift=float(shift))


def _temperature(z: Doubles, smooth: Doubles) -> Temperature:
    """Guo et al. 2017, "On Calibration of Modern Neural Networks"."""

    def loss(at: float) -> float:
        odds = np.exp(-at) * z
        return float((np.logaddexp(0, odds) - smooth * odds).sum() + PULL * at**2)

    found = minimize_scalar(loss, bounds=(-4, 4), method="bounded")
    return Temperature(temperature=float(np.exp(found.x)))


def _isotonic(z: Doubles, smooth: Doubles) -> Isotonic:
    """Zadrozny and Elkan 2002, "Transforming classifier scores into accurate probabilities"."""
    from sklearn.isotonic import IsotonicRegression  # takes seconds to import

    fitted = IsotonicRegression().fit(z, smooth)
    at, scores = fitted.X_thresholds_, fitted.y_thresholds_
    rising = (at - at[0]) / max(at[-1] - at[0], 1e-9)
    rows = (1 - RISE) * scores + RISE * rising
    return Isotonic(logits=tuple(map(float, at)), scores=tuple(map(float, rows)))


PLATT, TEMPERATURE, ISOTONIC = "platt", "temperature", "isotonic"
_FITS: Mapping[str, Callable[[Doubles, Doubles], Calibration]] = {
    PLATT: _platt,
    TEMPERATURE: _temperature,
    ISOTONIC: _isotonic,
}
WAYS = tuple(_FITS)
