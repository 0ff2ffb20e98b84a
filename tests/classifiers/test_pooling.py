"""The mean over places, and what the strongest of them make of it."""

from __future__ import annotations

import numpy as np
import pytest

from classifiers.pooling import embed, log_mean_exp, places


@pytest.fixture
def features() -> np.ndarray:
    return np.random.default_rng(3).random((5, 4, 3, 8)).astype(np.float32)


def test_the_mean_of_places_is_the_embedding(features: np.ndarray) -> None:
    seen = places(features)
    assert seen.shape == (5, 12, 8)
    assert seen.mean(axis=1) == pytest.approx(embed(features), abs=1e-6)
    assert np.linalg.norm(embed(features), axis=1) == pytest.approx(1)


def test_an_image_without_any_features_is_no_error() -> None:
    assert not places(np.zeros((1, 2, 2, 3), np.float32)).any()


def test_with_little_sharpness_it_is_the_mean_and_with_much_the_maximum() -> None:
    outputs = np.array([[[-3.0], [1.0], [5.0]]], np.float32)
    assert log_mean_exp(outputs, 1e-3)[0] == pytest.approx(1.0, abs=0.01)
    assert log_mean_exp(outputs, 100.0)[0] == pytest.approx(5.0, abs=0.02)
    between = [float(log_mean_exp(outputs, one)[0][0, 0]) for one in (0.1, 0.3, 1.0, 3.0)]
    assert between == sorted(between)
    assert 1 < between[0] < between[-1] < 5


def test_large_outputs_do_not_overflow() -> None:
    outputs = np.array([[[900.0], [-900.0]]], np.float32)
    pooled, shares = log_mean_exp(outputs, 10.0)
    assert pooled == pytest.approx(900.0, abs=0.1)
    assert shares[0, :, 0].tolist() == [1.0, 0.0]


def test_the_shares_are_the_derivatives() -> None:
    outputs = np.random.default_rng(4).normal(size=(1, 6, 2)).astype(np.float32)
    sharpness = np.array([0.5, 2.0], np.float32)
    pooled, shares = log_mean_exp(outputs, sharpness)
    assert shares.sum(axis=1) == pytest.approx(np.ones((1, 2)))
    for place in range(6):
        moved = outputs.copy()
        moved[0, place] += 1e-2
        slope = (log_mean_exp(moved, sharpness)[0] - pooled) / 1e-2
        assert slope[0] == pytest.approx(shares[0, place], abs=5e-3)
