"""Ways to calibrate are compared on photographs they were not fitted to, and the best is chosen."""

from __future__ import annotations

import numpy as np
import pytest

from training.errors import TrainingError
from training.promise.calibrate import ISOTONIC, PLATT, TEMPERATURE, WAYS
from training.promise.calibration import NONE, Tried, as_table, best_of, try_ways
from training.promise.calibration_error import brier, expected_error


def tried(logits: np.ndarray, chance: np.ndarray, seed: int = 1) -> dict[str, Tried]:
    """The ways on one label that is shown with a chance; log-odds [n]."""
    truth = (np.random.default_rng(seed).random(len(chance)) < chance).astype(np.float32)
    found = try_ways(["food"], logits.astype(np.float32)[:, None], truth[:, None], 0)
    return {one.way: one for one in found}


def odds(count: int = 6000) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 2, count)


def sigmoid(values: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-values)))


def test_overconfident_scores_are_found_out() -> None:
    found = tried(4 * odds(), sigmoid(odds()))
    assert found[NONE].ece[0] > 0.08
    assert all(found[way].ece[0] < 0.03 for way in WAYS)
    assert all(found[way].brier[0] < found[NONE].brier[0] for way in WAYS)


def test_platts_is_chosen_where_scores_are_lopsided() -> None:
    found = tried(3 * odds() + 4, sigmoid(odds()))
    assert best_of(list(found.values())) == PLATT
    assert found[PLATT].best_on == ("food",)


def test_a_temperature_is_chosen_where_few_photographs_are_only_overconfident() -> None:
    """Over twenty labels: what Platt's shift and isotonic's points learn of so few is chance."""
    true = np.stack([odds(100 + label)[:100] for label in range(20)], axis=1)
    truth = (np.random.default_rng(4).random(true.shape) < sigmoid(true)).astype(np.float32)
    names = [str(label) for label in range(20)]
    assert best_of(try_ways(names, (4 * true).astype(np.float32), truth, 0)) == TEMPERATURE


def test_isotonic_is_chosen_where_chances_rise_in_a_step() -> None:
    found = tried(odds(), np.where(odds() > 0, 0.95, 0.05))
    assert best_of(list(found.values())) == ISOTONIC


def test_no_calibration_is_measured_and_never_chosen() -> None:
    found = [
        Tried(NONE, (0.0, 0.0, 0.0), (0.01, 0.01, 0.01), ()),
        Tried(PLATT, (0.1, 0.1, 0.1), (0.02, 0.02, 0.02), ()),
    ]
    assert best_of(found) == PLATT


def test_intervals_hold_the_figure_and_shrink_with_more_photographs() -> None:
    few, many = (tried(4 * odds(count), sigmoid(odds(count))) for count in (300, 12_000))
    for found in (few, many):
        for one in found.values():
            for here, low, high in (one.ece, one.brier):
                assert low <= here <= high
    for way in WAYS:
        (_, low, high), (_, lowest, highest) = few[way].brier, many[way].brier
        assert highest - lowest < (high - low) / 3


def test_an_interval_of_the_brier_score_is_as_wide_as_its_standard_error_says() -> None:
    """No calibration, so that nothing is fitted: the mean of independent squares."""
    truth = np.random.default_rng(3).random(4000) < sigmoid(odds(4000))
    found = tried(odds(4000), truth.astype(float))[NONE]
    error = np.std((sigmoid(odds(4000)) - truth) ** 2) / np.sqrt(4000)
    here, low, high = found.brier
    assert high - here == pytest.approx(1.96 * error, rel=0.2)
    assert here - low == pytest.approx(1.96 * error, rel=0.2)


def test_the_table_tells_figures_intervals_and_on_how_many_labels_a_way_is_best() -> None:
    found = [
        Tried(NONE, (0.1, 0.05, 0.15), (0.2, 0.1, 0.3), ()),
        Tried(PLATT, (0.01, 0.0, 0.02), (0.1, 0.05, 0.15), ("food", "sea")),
    ]
    assert as_table(found).splitlines()[2:] == [
        "| none | 0.1000 [0.0500, 0.1500] | 0.2000 [0.1000, 0.3000] | 0 of 2 labels |",
        "| platt | 0.0100 [0.0000, 0.0200] | 0.1000 [0.0500, 0.1500] | 2 of 2 labels |",
    ]


def test_labels_with_few_photographs_are_left_out() -> None:
    few = np.array([[1.0]] * 5 + [[0.0]] * 50, np.float32)
    enough = np.array([[1.0]] * 20 + [[0.0]] * 35, np.float32)
    both = np.concatenate([few, enough], axis=1)
    assert {name for one in try_ways(["a", "b"], both, both, 0) for name in one.best_on} == {"b"}
    with pytest.raises(TrainingError, match="No label has 10 held-back photographs"):
        try_ways(["a"], few, few, 0)


def test_the_measures_are_those_of_their_papers() -> None:
    scores, truth = np.array([0.9, 0.9, 0.1], np.float32), np.array([1, 0, 0], np.float32)
    assert brier(scores, truth) == pytest.approx((0.01 + 0.81 + 0.01) / 3, abs=1e-6)
    assert expected_error(scores, truth) == pytest.approx(2 / 3 * 0.4 + 1 / 3 * 0.1, abs=1e-6)
