"""Calibrated scores are frequencies."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibrate import Platt, fit_platt


def test_an_overconfident_label_is_calmed() -> None:
    random = np.random.default_rng(1)
    odds = random.normal(-1, 2, 20_000)
    truth = (random.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float32)
    found = fit_platt((3 * odds + 2).astype(np.float32), truth)
    assert found.slope == pytest.approx(1 / 3, abs=0.02)
    assert found.shift == pytest.approx(-2 / 3, abs=0.05)


def test_scores_are_as_often_right_as_they_say() -> None:
    random = np.random.default_rng(2)
    odds = random.normal(0, 3, 20_000)
    truth = (random.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float32)
    logits = (odds * 5).astype(np.float32)
    scores = fit_platt(logits, truth).score(logits)
    for low in (0.1, 0.4, 0.7):
        chosen = (scores > low) & (scores < low + 0.2)
        assert truth[chosen].mean() == pytest.approx(scores[chosen].mean(), abs=0.04)


def test_too_few_photographs_change_nothing() -> None:
    truth = np.array([1.0] * 9 + [0.0] * 100, np.float32)
    assert fit_platt(truth, truth) == Platt(1.0, 0.0)


def test_the_order_of_scores_stays() -> None:
    truth = np.array([0.0, 1.0] * 50, np.float32)
    against = np.where(truth > 0, -1.0, 1.0).astype(np.float32)
    assert fit_platt(against, truth).slope > 0
