"""Two thresholds a label: what is stated is wrong at most so often, with such confidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# A score on the other side of one half is never stated, however well it might do.
MIDDLE = 0.5
# Each threshold tried states so many times more facts than the one before.
STEP = 1.05
# What a bundle's promise for one label is written under.
OWN = "max_error of "


@dataclass(frozen=True)
class Promise:
    """At most ``max_error`` of the stated facts are wrong, with probability ``confidence``."""

    max_error: float = 0.05
    confidence: float = 0.95


def promises(
    names: Sequence[str], promise: Promise, max_errors: Mapping[str, float]
) -> list[Promise]:
    """Each label's promise: its own share of wrong facts where that is looser than that of all."""
    return [
        replace(promise, max_error=max(promise.max_error, max_errors.get(name, 0.0)))
        for name in names
    ]


def promise_facts(promise: Promise, max_errors: Mapping[str, float]) -> dict[str, float]:
    """A promise as it is written into a bundle: that of all labels, and of those with their own."""
    looser = {n: share for n, share in max_errors.items() if share > promise.max_error}
    own = {OWN + name: share for name, share in looser.items()}
    return {"max_error": promise.max_error, "confidence": promise.confidence} | own


def promises_of(names: Sequence[str], facts: Mapping[str, float]) -> list[Promise]:
    """Each label's promise as ``promise_facts`` wrote it."""
    share, confidence = facts["max_error"], facts["confidence"]
    return [Promise(facts.get(OWN + name, share), confidence) for name in names]


@dataclass(frozen=True)
class Thresholds:
    """A label's thresholds, None where the promise could not be made.

    ``missing`` says how many photographs more that show the label are needed at least before
    ``true_at`` can be promised (0: there are enough, but too many of them look like others).
    """

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


def fewest(promise: Promise, wrong: int = 0) -> int:
    """How many stated facts it takes to make the promise although ``wrong`` of them are wrong."""
    total = wrong + 1
    while upper_bound(wrong, total, promise.confidence) > promise.max_error:
        total += 1
    return total


def choose(scores: Floats, truth: Floats, promise: Promise) -> Thresholds:
    """The thresholds that state most while the promise holds.

    ``scores`` [n] are calibrated probabilities of held-back photographs, ``truth`` [n] is 1, 0 or
    NaN (unknown). Each side is fixed-sequence testing (Angelopoulos et al. 2021, "Learn then
    Test"): thresholds from the strictest on, until one fails; the order depends on scores alone.
    False facts keep the promise twice: few of those stated are wrong, and few photographs that show
    the label are told not to. For a rare label the first alone would allow "false" everywhere.
    """
    known = ~np.isnan(truth)
    s, shown = scores[known].astype(np.float64), truth[known] > 0
    opening = fewest(promise, wrong=1)
    missing = max(0, opening - int(shown.sum()))
    true_at = _last(s, ~shown, promise, opening, None)
    false_at = _last(1 - s, shown, promise, opening, int(shown.sum()))
    if missing:
        # So few photographs show it that neither side is worth a promise.
        return Thresholds(None, None, missing)
    return Thresholds(true_at, None if false_at is None else 1 - false_at)


def _last(
    sure: Doubles, wrong: NDArray[np.bool_], promise: Promise, opening: int, among: int | None
) -> float | None:
    """The lowest sureness down to which the promise was kept at every step."""
    found = None
    for at in _sequence(sure, opening):
        stated = sure >= at
        errors, total = int(wrong[stated].sum()), int(stated.sum())
        bounds = [upper_bound(errors, total, promise.confidence)]
        if among is not None:
            bounds.append(upper_bound(errors, among, promise.confidence))
        if max(bounds) > promise.max_error:
            break
        found = at
    return found


def _sequence(sure: Doubles, opening: int) -> Iterator[float]:
    """Thresholds that state ``opening`` facts, five in a hundred more each time, and the middle."""
    ordered = np.sort(sure)[::-1]
    count = float(opening)
    while count <= len(ordered) and ordered[int(count) - 1] > MIDDLE:
        yield float(ordered[int(count) - 1])
        count *= STEP
    if opening <= int((sure >= MIDDLE).sum()):
        yield MIDDLE
