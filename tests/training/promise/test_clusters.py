"""Photographs of one source are worth fewer trials than photographs of many."""

from __future__ import annotations

import numpy as np
import pytest

from training.promise.clusters import cluster_ids, intraclass, trials
from training.promise.settle import HERE, NEW, alike, settle
from training.promise.thresholds import Promise, Sources, choose

PROMISE = Promise(0.05, 0.95)


def test_one_photograph_is_one_trial() -> None:
    assert trials(np.arange(5), 0.5).tolist() == [1.0] * 5


def test_a_source_is_worth_at_most_one_over_its_correlation() -> None:
    assert trials(np.zeros(10_000, np.intp), 0.2).sum() == pytest.approx(5, abs=0.01)
    assert trials(np.zeros(10_000, np.intp), 0.0).sum() == 10_000


def test_photographs_without_a_source_are_independent() -> None:
    assert len(set(cluster_ids(["", "", None, "a", "a"]).tolist())) == 4


def test_errors_that_come_together_are_told_from_errors_by_chance() -> None:
    random = np.random.default_rng(1)
    ids = np.repeat(np.arange(200), 20)
    by_chance = random.random(4000) < 0.1
    together = np.repeat(random.random(200) < 0.1, 20)
    for wrong, expected in ((by_chance, 0.0), (together, 1.0)):
        covariance, variance = intraclass(wrong, ids)
        assert covariance / variance == pytest.approx(expected, abs=0.05)


def drawn(
    random: np.random.Generator, sources: int, each: int, bad: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores that lie about whole sources: of each that is bad, all that score high are wrong."""
    ids = np.repeat(np.arange(sources), each)
    wrong_source = random.random(sources) < bad
    scores = random.beta(0.4, 0.4, len(ids))
    truth = (random.random(len(ids)) < scores) & ~wrong_source[ids]
    return scores.astype(np.float32), truth.astype(np.float32), ids


def test_the_promise_holds_for_sources_never_seen() -> None:
    """With one source in twenty bad, photographs taken for independent trials promise too much.

    Over 60 draws of 40 sources, a threshold is wrong on new sources (exactly the bad share of them,
    and some more) too often without the sources, and in at most a chance share with them.
    """
    random = np.random.default_rng(2)
    many = drawn(np.random.default_rng(3), 4000, 10, 0.05)
    broken = {True: 0, False: 0}
    for _ in range(60):
        scores, truth, ids = drawn(random, 40, 20, 0.05)
        for aware in (True, False):
            sources = Sources(ids, 0.9) if aware else None
            at = choose(scores, truth, PROMISE, sources).true_at
            if at is not None:
                broken[aware] += bool((1 - many[1][many[0] >= at]).mean() > PROMISE.max_error)
    assert broken[False] > 9
    assert broken[True] <= 7


def test_too_few_sources_are_counted_as_sources() -> None:
    ids = np.repeat(np.arange(6), 100)
    truth = np.tile([1.0, 0.0], 300).astype(np.float32)
    scores = np.where(truth > 0, 0.97, 0.02).astype(np.float32)
    found = choose(scores, truth, PROMISE, Sources(ids, 0.5))
    assert found.true_at is None
    assert found.missing_sources > 30


def test_what_cannot_be_promised_of_every_source_rests_on_those_at_hand() -> None:
    ids = np.repeat(np.arange(6), 100)
    truth = np.tile([1.0, 0.0], 300).astype(np.float32)
    odds = np.where(truth > 0, 4.0, -4.0).astype(np.float32)
    found = settle(odds, odds, truth, PROMISE, sources=Sources(ids, 0.5))
    assert found.basis == HERE
    assert found.thresholds.true_at is not None
    assert found.thresholds.missing_sources > 0
    many = settle(odds, odds, truth, PROMISE, sources=Sources(np.repeat(np.arange(150), 4), 0.3))
    assert (many.basis, many.thresholds.missing_sources) == (NEW, 0)


def test_errors_are_never_taken_for_quite_independent() -> None:
    truth = np.tile([1.0, 0.0], 300).astype(np.float32)[:, None]
    odds = np.where(truth > 0, 4.0, -4.0).astype(np.float32)
    assert alike(odds, truth, np.repeat(np.arange(6), 100)) == pytest.approx(0.1)
