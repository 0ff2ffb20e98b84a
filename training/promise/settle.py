"""A label's calibration and thresholds, and the photographs that they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.calibration import Calibration
from training.promise.calibrate import PLATT, Floats, fit
from training.promise.thresholds import Promise, Thresholds, choose

NEW, KNOWN = "new sources", "known sources"


def settle_all(
    new: Floats, known: Floats, truth: Floats, promises: Sequence[Promise], way: str = PLATT
) -> tuple[Settled, ...]:
    """Every label settled by its own promise; arrays are [n, labels]."""
    return tuple(
        settle(new[:, i], known[:, i], truth[:, i], promise, way)
        for i, promise in enumerate(promises)
    )


@dataclass(frozen=True)
class Settled:
    """How a label's log-odds become scores and facts; ``basis`` says for which photographs that was
    found: from sources that the network never saw, or from known ones."""

    calibration: Calibration
    thresholds: Thresholds
    basis: str


def settle(
    new: Floats, known: Floats, truth: Floats, promise: Promise, way: str = PLATT
) -> Settled:
    """Calibrated in a way (``training.promise.calibrate``), thresholds chosen on the scores.

    Rests on new sources if these let the label be stated true, else on known ones.

    ``new`` and ``known`` are log-odds [n] of held-back photographs as in ``Crossfitted``. A label
    with two or three unlike sources often cannot be learned from one of them for the other, though
    from all of them it can; then the promise is for photographs like those at hand.
    """
    strict = _settled(new, truth, promise, way, NEW)
    if strict.thresholds.true_at is not None:
        return strict
    mild = _settled(known, truth, promise, way, KNOWN)
    return mild if mild.thresholds.true_at is not None else strict


def _settled(logits: Floats, truth: Floats, promise: Promise, way: str, basis: str) -> Settled:
    fitted = fit(way, logits, truth)
    return Settled(fitted, choose(fitted.score(logits), truth, promise), basis)
