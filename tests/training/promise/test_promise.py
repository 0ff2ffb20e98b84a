"""The promise over 200 random resplits of one set of photographs, for true and for false facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from tests.training.promise.test_thresholds import drawn
from training.promise.thresholds import Promise, Thresholds, choose

SPLITS, PHOTOGRAPHS, CHOSEN = 200, 60_000, 3000
PROMISES = [Promise(0.05, 0.95), Promise(0.02, 0.95), Promise(0.1, 0.9)]

Choice = Callable[[np.ndarray, np.ndarray, Promise], Thresholds]


@dataclass
class Kept:
    """How the rest of the photographs fared, split by split: the share of what is wrong.

    ``true`` of the facts stated true, ``false`` of those stated false, and ``missed`` of the
    photographs that show the label and were told not to.
    """

    true: list[float] = field(default_factory=list)
    false: list[float] = field(default_factory=list)
    missed: list[float] = field(default_factory=list)


def resplit(promise: Promise, choice: Choice) -> Kept:
    """One part in twenty chooses the thresholds, the rest stands for all photographs there are."""
    scores, truth = drawn(np.random.default_rng(11), PHOTOGRAPHS)
    scores = np.where(truth > 0, scores**0.5, scores**2).astype(np.float32)
    random = np.random.default_rng(12)
    kept = Kept()
    for _ in range(SPLITS):
        order = random.permutation(PHOTOGRAPHS)
        own, rest = order[:CHOSEN], order[CHOSEN:]
        at = choice(scores[own], truth[own], promise)
        if at.true_at is not None:
            kept.true.append(float((1 - truth[rest])[scores[rest] >= at.true_at].mean()))
        if at.false_at is not None:
            denied = scores[rest] <= at.false_at
            kept.false.append(float(truth[rest][denied].mean()))
            kept.missed.append(float(denied[truth[rest] > 0].mean()))
    return kept


@cache
def with_the_bound(promise: Promise) -> Kept:
    return resplit(promise, choose)


def violations(shares: list[float], promise: Promise) -> tuple[int, int]:
    """How often the promise was broken, and how often it may be.

    As often as the promise says, and what the binomial adds by chance in 99.9 of 100 runs.
    """
    allowed = int(binom.ppf(0.999, len(shares), 1 - promise.confidence))
    return sum(share > promise.max_error for share in shares), allowed


@pytest.mark.parametrize("promise", PROMISES)
def test_it_holds_for_true_facts(promise: Promise) -> None:
    kept = with_the_bound(promise).true
    assert len(kept) > SPLITS / 2
    broken, allowed = violations(kept, promise)
    assert broken <= allowed


@pytest.mark.parametrize("promise", PROMISES)
def test_it_holds_for_false_facts(promise: Promise) -> None:
    """Twice: few of those stated are wrong, and few photographs that show the label are denied."""
    kept = with_the_bound(promise)
    assert len(kept.false) > SPLITS / 2
    worse = [max(pair) for pair in zip(kept.false, kept.missed, strict=True)]
    broken, allowed = violations(worse, promise)
    assert broken <= allowed


def by_what_was_seen(scores: np.ndarray, truth: np.ndarray, promise: Promise) -> Thresholds:
    """What chance is forgotten by: the most facts of which no more than promised were wrong."""
    wrong_true = np.cumsum(1 - truth[np.argsort(-scores)])
    wrong_false = np.cumsum(truth[np.argsort(scores)])
    count = np.arange(1, len(scores) + 1)
    most = [
        int(count[(wrong <= promise.max_error * among)][-1])
        for wrong, among in ((wrong_true, count), (wrong_false, np.minimum(count, truth.sum())))
    ]
    return Thresholds(float(np.sort(scores)[-most[0]]), float(np.sort(scores)[most[1] - 1]))


def test_without_the_bound_it_would_be_broken_on_both_sides() -> None:
    """The resplits tell: thresholds that only did well on their own photographs are found out."""
    promise = PROMISES[0]
    kept = resplit(promise, by_what_was_seen)
    for shares in (kept.true, kept.missed):
        broken, allowed = violations(shares, promise)
        assert broken > 2 * allowed
