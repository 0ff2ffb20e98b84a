"""Objects stand alone, scenes share one softmax with "none"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifiers.calibration import Calibration, Platt, Temperature, sigmoid
from classifiers.heads import Heads, log_odds
from classifiers.pooling import embed


def test_objects_are_log_odds_already() -> None:
    raw = np.array([[1.5, -2.0, 9.0]], np.float32)
    assert log_odds(raw, (False, False)).tolist() == [[1.5, -2.0]]


def test_scenes_and_none_sum_to_one() -> None:
    raw = np.random.default_rng(1).normal(size=(20, 4)).astype(np.float32) * 8
    scores = sigmoid(log_odds(raw, (False, True, True)))
    none = 1 - scores[:, 1] - scores[:, 2]
    exact = np.exp(raw[:, 3]) / np.exp(raw[:, 1:]).sum(axis=1)
    assert none == pytest.approx(exact, abs=1e-5)


def test_large_outputs_do_not_overflow() -> None:
    raw = np.array([[0.0, 500.0, -500.0, 100.0]], np.float32)
    scores = sigmoid(log_odds(raw, (False, True, True)))
    assert scores.tolist() == [[0.5, 1.0, 0.0]]


def heads(*calibrations: Calibration) -> Heads:
    kernel = np.eye(3, dtype=np.float32)
    return Heads(kernel, np.zeros(3, np.float32), (False, False), calibrations, (0.0, 0.0))


def test_each_label_is_calibrated_in_its_own_way() -> None:
    found = heads(Platt(slope=2.0, shift=-1.0), Temperature(temperature=3.0))
    scores = found.calibrated(np.array([[0.5, 3.0]], np.float32))
    assert scores == pytest.approx(np.array([[0.5, 1 / (1 + np.exp(-1))]]))


def test_a_scenes_direction_is_seen_against_the_other_scenes() -> None:
    kernel = np.array([[1.0, 3.0, 5.0, 7.0]], np.float32)
    three = Heads(kernel, np.zeros(4, np.float32), (False, True, True), (Platt(),) * 3, (0.0,) * 3)
    assert three.direction(0).tolist() == [1.0]
    assert three.direction(1).tolist() == [3.0 - 6.0]


@pytest.mark.parametrize("dimension", [2, 4])
def test_other_dimensions_are_refused(dimension: int) -> None:
    with pytest.raises(ValueError, match="shapes"):
        heads(Platt(), Platt()).checked(dimension)


def test_numbers_that_are_not_finite_are_refused() -> None:
    broken = replace(heads(Platt(), Platt()), kernel=np.full((3, 3), np.nan, np.float32))
    with pytest.raises(ValueError, match="finite"):
        broken.checked(3)


def test_heads_without_sharpness_see_the_mean_of_all_places() -> None:
    features = np.random.default_rng(1).random((4, 3, 3, 3)).astype(np.float32)
    found = heads(Platt(), Platt())
    assert found.logits(features) == pytest.approx(embed(features)[:, :2], abs=1e-6)


def test_what_is_small_counts_more_for_a_sharp_label() -> None:
    """One place in nine shows it: the sharp label is surer than the other, and of nothing else."""
    features = np.full((1, 3, 3, 3), 0.2, np.float32)
    features[0, 1, 1] = (3.0, 3.0, 0.2)
    mean, sharp = heads(Platt(), Platt()), replace(heads(Platt(), Platt()), sharpness=(0.0, 1.0))
    (before,), (after,) = mean.logits(features), sharp.logits(features)
    assert before[0] == before[1] == after[0]
    assert after[1] > before[1] + 0.2
    even = np.full((1, 3, 3, 3), 0.2, np.float32)
    assert sharp.logits(even) == pytest.approx(mean.logits(even), abs=1e-6)
