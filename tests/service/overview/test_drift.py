"""What is called drift, and what is chance."""

from __future__ import annotations

import numpy as np
import pytest

from intervals import Share
from service.overview.drift import Finding, drifts, probability

DAYS = 28
PHOTOGRAPHS = 500


def _days(rng: np.random.Generator, rate: float, wobble: float = 0.0) -> list[Share]:
    """Days that wobble by more than chance, as weekends make them."""
    rates = np.clip(rng.normal(rate, wobble, DAYS), 0, 1)
    return [Share(int(rng.binomial(PHOTOGRAPHS, one)), PHOTOGRAPHS) for one in rates]


def test_equal_days_and_the_same_share_are_no_sign_of_anything() -> None:
    assert probability([Share(50, 500)] * DAYS, Share(50, 500)) == pytest.approx(1)


def test_days_as_binomial_chance_makes_them_are_tested_as_two_proportions_are() -> None:
    from scipy.stats import t as student  # takes a second to import: one process does

    # Without spread among the days the dispersion is 1, and z is the textbook's:
    # (0.14 - 0.1) / sqrt(p (1 - p) (1/14000 + 1/500)) with p = 1470 / 14500.
    z = 2.912
    found = probability([Share(50, 500)] * DAYS, Share(70, 500))
    assert found == pytest.approx(2 * student.sf(z, DAYS - 1), rel=0.01)


def test_a_jump_that_binomial_chance_cannot_explain_is_drift() -> None:
    now = {"sea": Share(80, 500)}
    found = drifts({"sea": [Share(50, 500)] * DAYS}, now)["sea"]
    assert found.finding is Finding.BEYOND_CHANCE
    assert (found.before, found.now) == (Share(1400, 14000), Share(80, 500))


def test_the_same_jump_is_chance_where_days_always_differ_as_much() -> None:
    restless = [Share(20, 500), Share(80, 500)] * (DAYS // 2)
    found = drifts({"sea": restless}, {"sea": Share(80, 500)})["sea"]
    assert found.finding is Finding.WITHIN_CHANCE


@pytest.mark.parametrize("wobble", [0.0, 0.02])
def test_without_drift_a_label_is_seldom_called_drifting(wobble: float) -> None:
    rng = np.random.default_rng(7)
    found = []
    for _ in range(400):
        *before, now = [*_days(rng, 0.2, wobble), _days(rng, 0.2, wobble)[0]]
        found.append(probability(before, now))
    wrong = sum(p is not None and p < 0.05 for p in found)
    assert 0.01 < wrong / len(found) < 0.08


def test_among_many_labels_none_is_called_drifting_by_chance() -> None:
    rng = np.random.default_rng(8)
    alarms = 0
    for _ in range(60):
        names = [f"label {number}" for number in range(13)]
        before = {name: _days(rng, 0.2) for name in names}
        found = drifts(before, {name: _days(rng, 0.2)[0] for name in names})
        alarms += any(one.finding is Finding.BEYOND_CHANCE for one in found.values())
    assert alarms <= 3


def test_each_probability_is_raised_for_the_others_that_were_asked() -> None:
    days = [Share(50, 500)] * DAYS
    alone = drifts({"sea": days}, {"sea": Share(70, 500)})["sea"].p
    among = drifts(
        {"sea": days, "food": days, "cat": days},
        {"sea": Share(70, 500), "food": Share(50, 500), "cat": Share(50, 500)},
    )
    assert alone
    assert among["sea"].p == pytest.approx(3 * alone)
    assert among["food"].p == 1


@pytest.mark.parametrize(
    ("days", "now"),
    [
        ([Share(50, 500)] * 6, Share(90, 500)),
        ([Share(50, 500)] * 6 + [Share(0, 0)] * 22, Share(90, 500)),
        ([Share(50, 500)] * DAYS, Share(0, 0)),
        ([Share(50, 500)] * DAYS, Share(2, 3)),
        ([Share(0, 500)] * DAYS, Share(1, 500)),
        ([Share(500, 500)] * DAYS, Share(500, 500)),
        ([], Share(3, 9)),
    ],
    ids=["six days", "six days with photographs", "none now", "three", "rare", "always", "nothing"],
)
def test_of_too_little_nothing_is_said(days: list[Share], now: Share) -> None:
    found = drifts({"sea": days}, {"sea": now})["sea"]
    assert found.p is None
    assert found.finding is Finding.TOO_FEW


def test_a_label_that_was_never_seen_before_and_often_now_drifts() -> None:
    found = drifts({"sea": [Share(0, 500)] * DAYS}, {"sea": Share(300, 500)})["sea"]
    assert found.finding is Finding.BEYOND_CHANCE
