"""Log-odds become scores as the manifest says."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from classifiers.calibration import Calibration, Isotonic, Platt, Temperature, sigmoid

ODDS = np.linspace(-6, 6, 25, dtype=np.float32)


def test_platt_stretches_and_shifts() -> None:
    scores = Platt(slope=2.0, shift=-1.0).score(np.array([0.5, 0.0], np.float32))
    assert scores == pytest.approx([0.5, 1 / (1 + np.e)])


def test_a_temperature_above_one_makes_scores_less_sure() -> None:
    calm = Temperature(temperature=2.0).score(ODDS)
    assert np.allclose(calm, sigmoid(ODDS / np.float32(2)))
    assert (np.abs(calm - 0.5) <= np.abs(sigmoid(ODDS) - 0.5)).all()


def test_isotonic_is_in_line_between_its_points_and_level_beyond_them() -> None:
    steps = Isotonic(logits=(-1.0, 1.0, 2.0), scores=(0.1, 0.3, 0.9))
    found = steps.score(np.array([-50, -1, 0, 1.5, 2, 50], np.float32))
    assert found == pytest.approx([0.1, 0.1, 0.2, 0.6, 0.9, 0.9])


@pytest.mark.parametrize(
    "way", [Platt(), Temperature(temperature=1.0), Isotonic(logits=(0.0,), scores=(0.5,))]
)
def test_scores_have_the_shape_of_the_log_odds(way: Calibration) -> None:
    found = way.score(ODDS.reshape(5, 5))
    assert found.shape == (5, 5)
    assert found.dtype == np.float32


@pytest.mark.parametrize(
    ("logits", "scores", "why"),
    [
        ((0.0, 1.0), (0.5,), "as many"),
        ((1.0, 0.0), (0.1, 0.2), "logits must rise"),
        ((0.0, 1.0), (0.2, 0.1), "scores must not fall"),
        ((0.0, 1.0), (0.2, 1.1), "between 0 and 1"),
        ((0.0, 1.0), (-0.2, 0.1), "between 0 and 1"),
        ((0.0, float("nan")), (0.1, 0.2), "logits must rise"),
        ((), (), "at least 1"),
    ],
)
def test_points_that_make_no_curve_are_refused(
    logits: tuple[float, ...], scores: tuple[float, ...], why: str
) -> None:
    with pytest.raises(ValidationError, match=why):
        Isotonic(logits=logits, scores=scores)


def test_large_numbers_do_not_overflow() -> None:
    assert sigmoid(np.array([-1e4, 0, 1e4], np.float32)).tolist() == [0.0, 0.5, 1.0]
