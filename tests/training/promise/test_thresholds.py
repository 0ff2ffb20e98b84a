"""Thresholds keep their promise, also by chance."""

from __future__ import annotations

import numpy as np
import pytest

from training.promise.thresholds import Promise, choose, fewest, upper_bound

PROMISE = Promise(max_error=0.05, confidence=0.95)


def drawn(random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated scores: the label is shown with just the probability that the score says."""
    scores = random.beta(0.25, 0.6, count).astype(np.float32)
    return scores, (random.random(count) < scores).astype(np.float32)


def test_the_bound_is_clopper_and_pearsons() -> None:
    assert upper_bound(0, 59, 0.95) == pytest.approx(0.0495, abs=1e-4)
    assert upper_bound(5, 5, 0.95) == 1.0
    assert upper_bound(3, 100, 0.95) == pytest.approx(0.0757, abs=1e-4)


def test_a_bound_of_two_percent_needs_149_facts() -> None:
    assert fewest(Promise(0.02, 0.95)) == 149
    assert fewest(PROMISE) == 59


def test_too_few_photographs_promise_nothing() -> None:
    truth = np.array([1.0] * 40 + [0.0] * 400, np.float32)
    found = choose(truth * 0.9 + 0.05, truth, PROMISE)
    assert (found.true_at, found.false_at) == (None, None)
    assert found.missing == 102 - 40  # with one wrong, and the doubt shared between the starts


def test_scores_that_say_nothing_promise_nothing() -> None:
    random = np.random.default_rng(3)
    truth = (random.random(2000) < 0.5).astype(np.float32)
    found = choose(random.random(2000).astype(np.float32), truth, PROMISE)
    assert (found.true_at, found.false_at, found.missing) == (None, None, 0)


def test_scores_that_say_all_leave_nothing_unknown() -> None:
    truth = np.array([1.0, 0.0] * 300, np.float32)
    found = choose(np.where(truth > 0, 0.97, 0.02).astype(np.float32), truth, PROMISE)
    assert found.true_at == found.false_at == 0.5


def test_a_rare_label_is_not_false_everywhere() -> None:
    """With 3 % shown, "never" would be wrong in only 3 % of the facts; yet it would miss all."""
    random = np.random.default_rng(4)
    truth = (random.random(6000) < 0.03).astype(np.float32)
    found = choose(random.random(6000).astype(np.float32), truth, PROMISE)
    assert found.false_at is None or found.false_at < 0.1


def test_what_is_unknown_does_not_count() -> None:
    random = np.random.default_rng(5)
    scores, truth = drawn(random, 3000)
    blank = np.full(500, np.nan, np.float32)
    more = np.concatenate([scores, random.random(500).astype(np.float32)])
    assert choose(more, np.concatenate([truth, blank]), PROMISE) == choose(scores, truth, PROMISE)


def test_the_promise_holds_over_200_draws() -> None:
    """The true error of what is stated exceeds the bound in at most 5 of 100 draws, chance apart.

    With 200 draws and a rate of 5 %, more than 17 violations have a probability below 1 %.
    """
    random = np.random.default_rng(6)
    many_scores, many_truth = drawn(random, 200_000)
    violations = stated = 0
    for _ in range(200):
        found = choose(*drawn(random, 3000), PROMISE)
        if found.true_at is not None:
            chosen = many_truth[many_scores >= found.true_at]
            violations += bool((1 - chosen).mean() > PROMISE.max_error)
            stated += 1
    assert stated > 100
    assert violations <= 17


def test_false_facts_keep_it_too() -> None:
    random = np.random.default_rng(7)
    many_scores, many_truth = drawn(random, 200_000)
    violations = stated = 0
    for _ in range(200):
        found = choose(*drawn(random, 3000), PROMISE)
        if found.false_at is not None:
            chosen = many_truth[many_scores <= found.false_at]
            violations += bool(chosen.mean() > PROMISE.max_error)
            stated += 1
    assert stated > 100
    assert violations <= 17
