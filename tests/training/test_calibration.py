"""Ways to calibrate are compared on photographs they were not fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibration import as_table, try_ways
from training.gauge import brier, expected_error


def test_overconfident_scores_are_found_out() -> None:
    random = np.random.default_rng(1)
    odds = random.normal(0, 2, 6000)
    truth = (random.random(6000) < 1 / (1 + np.exp(-odds))).astype(np.float32)
    found = try_ways(["food"], (4 * odds).astype(np.float32)[:, None], truth[:, None], 0)
    ece = {one.way: one.ece for one in found}
    assert ece["none"] > 0.08
    assert max(ece["temperature"], ece["Platt"], ece["isotonic"]) < 0.03
    assert "| temperature |" in as_table(found)


def test_labels_with_few_photographs_are_left_out() -> None:
    truth = np.array([[1.0]] * 5 + [[0.0]] * 50, np.float32)
    assert try_ways(["food"], truth, truth, 0) == []


def test_the_measures_are_those_of_their_papers() -> None:
    scores, truth = np.array([0.9, 0.9, 0.1], np.float32), np.array([1, 0, 0], np.float32)
    assert brier(scores, truth) == pytest.approx((0.01 + 0.81 + 0.01) / 3, abs=1e-6)
    assert expected_error(scores, truth) == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.1, abs=1e-6)
