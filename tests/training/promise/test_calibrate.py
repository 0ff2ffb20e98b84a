"""Calibrated scores are frequencies."""

from __future__ import annotations

import numpy as np
import pytest

from classifiers.calibration import Isotonic, Platt, Temperature
from training.promise.calibrate import ISOTONIC, PLATT, TEMPERATURE, WAYS, fit, way_of


def drawn(seed: int, spread: float = 2) -> tuple[np.ndarray, np.ndarray]:
    """True log-odds, and whether the label is shown, with just that probability."""
    random = np.random.default_rng(seed)
    odds = random.normal(-1, spread, 20_000)
    return odds, (random.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float32)


def test_platt_calms_an_overconfident_and_lopsided_label() -> None:
    odds, truth = drawn(1)
    found = fit(PLATT, (3 * odds + 2).astype(np.float32), truth)
    assert isinstance(found, Platt)
    assert found.slope == pytest.approx(1 / 3, abs=0.02)
    assert found.shift == pytest.approx(-2 / 3, abs=0.05)


def test_a_temperature_calms_an_overconfident_one() -> None:
    odds, truth = drawn(2)
    found = fit(TEMPERATURE, (3 * odds).astype(np.float32), truth)
    assert isinstance(found, Temperature)
    assert found.temperature == pytest.approx(3, abs=0.15)


def test_isotonic_follows_what_no_sigmoid_can() -> None:
    """One photograph in ten shows the label below zero, nine in ten above it."""
    random = np.random.default_rng(3)
    logits = random.normal(0, 3, 20_000).astype(np.float32)
    truth = (random.random(20_000) < np.where(logits > 0, 0.9, 0.1)).astype(np.float32)
    found = fit(ISOTONIC, logits, truth)
    assert isinstance(found, Isotonic)
    asked = np.array([-5, -1, 1, 5], np.float32)
    assert found.score(asked) == pytest.approx([0.1, 0.1, 0.9, 0.9], abs=0.03)
    assert fit(PLATT, logits, truth).score(asked)[0] < 0.05


@pytest.mark.parametrize("way", WAYS)
def test_scores_are_as_often_right_as_they_say(way: str) -> None:
    odds, truth = drawn(4, spread=3)
    logits = (odds * 5).astype(np.float32)
    scores = fit(way, logits, truth).score(logits)
    for low in (0.1, 0.4, 0.7):
        chosen = (scores > low) & (scores < low + 0.2)
        assert truth[chosen].mean() == pytest.approx(scores[chosen].mean(), abs=0.04)


@pytest.mark.parametrize("way", WAYS)
def test_the_order_of_scores_is_that_of_the_log_odds(way: str) -> None:
    """Thresholds are tried in the order of scores, which must not depend on what is shown."""
    odds, truth = drawn(5)
    logits = np.sort(odds).astype(np.float32)[::40]
    scores = fit(way, odds.astype(np.float32), truth).score(logits)
    assert (np.diff(scores) > 0).all()


@pytest.mark.parametrize("way", WAYS)
def test_the_order_stays_where_the_truth_is_against_it(way: str) -> None:
    truth = np.array([0.0, 1.0] * 50, np.float32)
    against = np.where(truth > 0, -1.0, 1.0).astype(np.float32)
    low, high = fit(way, against, truth).score(np.array([-1, 1], np.float32))
    assert low < high


@pytest.mark.parametrize("way", WAYS)
def test_no_score_is_quite_sure(way: str) -> None:
    truth = np.array([0.0] * 50 + [1.0] * 50, np.float32)
    scores = fit(way, truth * 40 - 20, truth).score(np.array([-20, 20], np.float32))
    assert 0 < scores[0] < 0.05
    assert 0.95 < scores[1] < 1


@pytest.mark.parametrize("way", WAYS)
def test_what_is_unknown_does_not_count(way: str) -> None:
    odds, truth = drawn(6)
    more = np.append(odds, np.full(500, 9.0)).astype(np.float32)
    said = np.append(truth, np.full(500, np.nan)).astype(np.float32)
    assert fit(way, more, said) == fit(way, odds.astype(np.float32), truth)


@pytest.mark.parametrize("way", WAYS)
def test_too_few_photographs_change_nothing(way: str) -> None:
    truth = np.array([1.0] * 9 + [0.0] * 100, np.float32)
    assert fit(way, truth, truth) == Platt(slope=1.0, shift=0.0)


def test_a_bundle_tells_its_way_by_the_labels_that_have_enough() -> None:
    few, some = Platt(), Temperature(temperature=2.0)
    assert way_of([few, few]) == PLATT
    assert way_of([few, some, few]) == TEMPERATURE
    assert way_of([few, Isotonic(logits=(0.0,), scores=(0.5,))]) == ISOTONIC
