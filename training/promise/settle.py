"""A label's calibration and thresholds, and the photographs that they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from classifiers.calibration import Calibration
from training.promise.calibrate import PLATT, Floats, fit
from training.promise.clusters import Ids, intraclass
from training.promise.thresholds import MIDDLE, Promise, Sources, Thresholds, choose

NEW, HERE, KNOWN = "new sources", "these sources, each left out", "known sources"
# The least correlation of errors within a source that is assumed, however few errors there are.
LEAST_ALIKE = 0.1


@dataclass(frozen=True)
class Settled:
    """How a label's log-odds become scores and facts, and what its thresholds are promised for.

    ``basis`` is NEW (any source never seen), HERE (the sources at hand taken together, each seen by
    heads that were not trained on it) or KNOWN (photographs of sources that the heads knew).
    """

    calibration: Calibration
    thresholds: Thresholds
    basis: str


def settle_all(
    new: Floats,
    known: Floats,
    truth: Floats,
    promises: Sequence[Promise],
    way: str = PLATT,
    ids: Ids | None = None,
) -> tuple[Settled, ...]:
    """Every label settled by its own promise; arrays are [n, labels].

    ``ids`` [n] tells the photographs' sources apart; None: each is one of its own.
    """
    sources = None if ids is None else Sources(ids, alike(new, truth, ids, way))
    return tuple(
        settle(new[:, i], known[:, i], truth[:, i], promise, way, sources)
        for i, promise in enumerate(promises)
    )


def alike(logits: Floats, truth: Floats, ids: Ids, way: str = PLATT) -> float:
    """The intraclass correlation of errors among what scores one half and more, over all labels."""
    covariance = variance = 0.0
    for column in range(truth.shape[1]):
        scores = fit(way, logits[:, column], truth[:, column]).score(logits[:, column])
        rows = ~np.isnan(truth[:, column]) & (scores >= MIDDLE)
        found = intraclass(truth[rows, column] == 0, ids[rows])
        covariance, variance = covariance + found[0], variance + found[1]
    return float(np.clip(covariance / variance if variance else 0.0, LEAST_ALIKE, 1.0))


def settle(
    new: Floats,
    known: Floats,
    truth: Floats,
    promise: Promise,
    way: str = PLATT,
    sources: Sources | None = None,
) -> Settled:
    """Calibrates a label in a way of ``training.promise.calibrate``, then chooses its thresholds.

    Of NEW, HERE and KNOWN the basis is the first on which the label can be stated true. ``new`` and
    ``known`` are log-odds [n] of held-back photographs as in ``Crossfitted``. A label with two or
    three unlike sources often cannot be learned from one of them for the other, though from all of
    them it can; then the promise is for photographs like those at hand.
    """
    strict = _settled(new, truth, promise, way, (NEW, sources))
    if strict.thresholds.true_at is not None:
        return strict
    missing = strict.thresholds.missing_sources
    for logits, basis in ((new, HERE), (known, KNOWN)):
        found = _settled(logits, truth, promise, way, (basis, None))
        if found.thresholds.true_at is not None:
            return replace(found, thresholds=replace(found.thresholds, missing_sources=missing))
    return strict


def _settled(
    logits: Floats, truth: Floats, promise: Promise, way: str, basis: tuple[str, Sources | None]
) -> Settled:
    fitted = fit(way, logits, truth)
    name, sources = basis
    return Settled(fitted, choose(fitted.score(logits), truth, promise, sources), name)
