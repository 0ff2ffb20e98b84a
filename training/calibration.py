"""Ways to calibrate, compared on held-back photographs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.isotonic import IsotonicRegression

from training.calibrate import FEWEST, fit_platt
from training.gauge import brier, expected_error, log_loss

Floats = NDArray[np.float32]
Scorer = Callable[[Floats], Floats]

PARTS = 5


@dataclass(frozen=True)
class Tried:
    """One way on one label: expected calibration error, Brier score and log loss."""

    label: str
    way: str
    ece: float
    brier: float
    log_loss: float


def try_ways(names: Sequence[str], logits: Floats, truth: Floats, seed: int) -> list[Tried]:
    """Each way on each label, fitted to four fifths and measured on the other, five times.

    Arrays are [n, labels], truth with NaN for unknown. Labels with fewer than ten photographs on
    either side are left out.
    """
    found = []
    for column, name in enumerate(names):
        known = ~np.isnan(truth[:, column])
        z, y = logits[known, column], truth[known, column]
        if min(y.sum(), (1 - y).sum()) < FEWEST:
            continue
        part = np.random.default_rng(seed).permutation(len(z)) % PARTS
        for way, fit in WAYS.items():
            scores = np.zeros_like(z)
            for one in range(PARTS):
                scores[part == one] = fit(z[part != one], y[part != one])(z[part == one])
            found.append(
                Tried(name, way, expected_error(scores, y), brier(scores, y), log_loss(scores, y))
            )
    return found


def _raw(_logits: Floats, _truth: Floats) -> Scorer:
    return _sigmoid


def _temperature(logits: Floats, truth: Floats) -> Scorer:
    """Guo et al. 2017, "On Calibration of Modern Neural Networks"."""
    found = minimize_scalar(
        lambda at: log_loss(_sigmoid(np.asarray(np.exp(at) * logits, np.float32)), truth),
        bounds=(-4, 4),
        method="bounded",
    )
    slope = float(np.exp(found.x))
    return lambda z: _sigmoid(np.asarray(slope * z, np.float32))


def _platt(logits: Floats, truth: Floats) -> Scorer:
    return fit_platt(logits, truth).score


def _isotonic(logits: Floats, truth: Floats) -> Scorer:
    """Zadrozny and Elkan 2002, "Transforming classifier scores into accurate probabilities"."""
    fitted = IsotonicRegression(out_of_bounds="clip").fit(logits, truth)
    return lambda z: np.asarray(fitted.predict(z), np.float32)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(values / 2)), np.float32)


WAYS: dict[str, Callable[[Floats, Floats], Scorer]] = {
    "none": _raw,
    "temperature": _temperature,
    "Platt": _platt,
    "isotonic": _isotonic,
}


def as_table(found: Sequence[Tried]) -> str:
    """Markdown: a line a way, means over the labels, and on how many labels it is the best."""
    labels = list(dict.fromkeys(one.label for one in found))
    best = [
        min((one for one in found if one.label == label), key=lambda one: one.brier).way
        for label in labels
    ]
    lines = [
        "| way | ECE | Brier | log loss | best Brier on |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for way in WAYS:
        own = [one for one in found if one.way == way]
        ece, score, loss = (
            float(np.mean([getattr(one, field) for one in own] or [np.nan]))
            for field in ("ece", "brier", "log_loss")
        )
        count = f"{best.count(way)} of {len(labels)} labels"
        lines.append(f"| {way} | {ece:.4f} | {score:.4f} | {loss:.4f} | {count} |")
    return "\n".join(lines)
