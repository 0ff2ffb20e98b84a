"""Ways to calibrate, compared on held-back photographs they were not fitted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.promise.calibrate import FEWEST, WAYS, fit
from training.promise.calibration_error import BINS, brier, expected_error

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

PARTS = 5
DRAWS = 400
NONE = "none"
Interval = tuple[float, float, float]  # the figure, and between what it lies with 95 %


@dataclass(frozen=True)
class Tried:
    """One way, each measure a mean over the labels; ``best_on`` names those it fits best (Brier).

    ``ece`` is the expected calibration error.
    """

    way: str
    ece: Interval
    brier: Interval
    best_on: tuple[str, ...]


@dataclass(frozen=True)
class _Label:
    """A label's photographs (places among all), their truth, and what each way made of them."""

    name: str
    rows: NDArray[np.intp]
    truth: Floats
    scores: Mapping[str, Floats]


def try_ways(names: Sequence[str], logits: Floats, truth: Floats, seed: int) -> list[Tried]:
    """Each way, and no calibration, fitted to four fifths and measured on the other, five times.

    Arrays are [n, labels], truth with NaN for unknown. Labels with fewer than ten photographs on
    either side are left out; TrainingError where that leaves none. Intervals are how far bootstrap
    draws of the photographs lie from their own mean: drawing twice only makes a calibration error
    larger, so that the draws' mean is not the figure itself.
    """
    labels = []
    for column, name in enumerate(names):
        rows = np.flatnonzero(~np.isnan(truth[:, column]))
        z, y = logits[rows, column], truth[rows, column]
        if min(y.sum(), (1 - y).sum()) >= FEWEST:
            labels.append(_Label(name, rows, y, _held_out(z, y, seed)))
    if not labels:
        raise TrainingError(
            f"No label has {FEWEST} held-back photographs that show it and {FEWEST} that do not: "
            "there is nothing to choose a calibration by."
        )
    draws = np.random.default_rng(seed).multinomial(
        len(truth), np.full(len(truth), 1 / len(truth)), size=DRAWS
    )
    best = {one.name: min(one.scores, key=lambda way: _brier(one, way)) for one in labels}
    return [
        Tried(way, *measures, tuple(name for name, winner in best.items() if winner == way))
        for way, measures in _measured(labels, draws).items()
    ]


def best_of(found: Sequence[Tried]) -> str:
    """The way with the lowest Brier score, which rewards only what is both calibrated and sharp."""
    return min((one for one in found if one.way != NONE), key=lambda one: one.brier[0]).way


def as_table(found: Sequence[Tried]) -> str:
    """Markdown: a line a way; figures have their 95 % interval in brackets."""
    labels = sum(len(one.best_on) for one in found)
    lines = ["| way | ECE | Brier | best Brier on |", "| --- | ---: | ---: | ---: |"]
    for one in found:
        figures = " | ".join(
            f"{here:.4f} [{low:.4f}, {high:.4f}]" for here, low, high in (one.ece, one.brier)
        )
        lines.append(f"| {one.way} | {figures} | {len(one.best_on)} of {labels} labels |")
    return "\n".join(lines)


def _held_out(z: Floats, y: Floats, seed: int) -> dict[str, Floats]:
    """Scores of each way, by calibrations that did not see the photograph."""
    part = np.random.default_rng(seed).permutation(len(z)) % PARTS
    scores = {NONE: np.asarray(0.5 * (1 + np.tanh(z / 2)), np.float32)}
    for way in WAYS:
        scores[way] = np.zeros_like(z)
        for one in range(PARTS):
            fitted = fit(way, z[part != one], y[part != one])
            scores[way][part == one] = fitted.score(z[part == one])
    return scores


def _brier(label: _Label, way: str) -> float:
    return brier(label.scores[way], label.truth)


def _measured(
    labels: Sequence[_Label], draws: NDArray[np.int64]
) -> dict[str, tuple[Interval, Interval]]:
    """Each way's calibration error and Brier score, means over labels, each with its interval.

    ``draws`` [draws, n] says how often each photograph was drawn.
    """
    errors = {way: np.zeros(len(draws)) for way in (NONE, *WAYS)}
    scores = {way: np.zeros(len(draws)) for way in errors}
    for label in labels:
        weights = draws[:, label.rows].astype(np.float64)  # large, so made once for all ways
        total = weights.sum(axis=1)
        for way, score in label.scores.items():
            away = (score - label.truth).astype(np.float64)
            place = np.minimum((score * BINS).astype(int), BINS - 1)
            in_bin = (place[:, None] == np.arange(BINS)) * away[:, None]
            errors[way] += np.abs(weights @ in_bin).sum(axis=1) / total
            scores[way] += weights @ away**2 / total
    return {
        way: (
            _interval(_mean_of(labels, way, expected_error), errors[way] / len(labels)),
            _interval(_mean_of(labels, way, brier), scores[way] / len(labels)),
        )
        for way in errors
    }


def _mean_of(
    labels: Sequence[_Label], way: str, measure: Callable[[Floats, Floats], float]
) -> float:
    return float(np.mean([measure(one.scores[way], one.truth) for one in labels]))


def _interval(here: float, draws: Doubles) -> Interval:
    low, high = np.percentile(draws - draws.mean(), [2.5, 97.5])
    return here, max(0.0, here + float(low)), here + float(high)
