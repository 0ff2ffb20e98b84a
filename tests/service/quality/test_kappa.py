"""Agreement beyond chance, held against other people's implementations and against the calculus."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.quality.kappa import ENOUGH, Agreement, agreement

ANSWERS = ("relevant", "irrelevant", "unverifiable")
Table = list[list[int]]


def pairs_of(table: Table) -> list[tuple[str, str]]:
    return [
        (one, other)
        for one, row in zip(ANSWERS, table, strict=False)
        for other, count in zip(ANSWERS, row, strict=False)
        for _ in range(count)
    ]


def of(table: Table) -> Agreement:
    return agreement(pairs_of(table))


# The expected figures are those of statsmodels 0.15, statsmodels.stats.inter_rater.cohens_kappa;
# the first table is the example of Cohen (1968), Psychological Bulletin 70.
@pytest.mark.parametrize(
    ("table", "kappa", "error", "low", "high"),
    [
        (
            [[88, 14, 18], [10, 40, 10], [2, 6, 12]],
            0.49152542372881347,
            0.05100181557607786,
            0.3915637020535469,
            0.59148714540408,
        ),
        ([[20, 5], [10, 15]], 0.4, 0.12699606293110033, 0.151092290476661, 0.6489077095233389),
        (
            [[1, 2, 0], [3, 9, 4], [0, 1, 30]],
            0.5974235104669888,
            0.09900204669663733,
            0.40338306454582695,
            0.7914639563881507,
        ),
    ],
)
def test_kappa_and_its_interval_are_those_of_statsmodels(
    table: Table, kappa: float, error: float, low: float, high: float
) -> None:
    found = of(table)
    assert found.kappa == pytest.approx(kappa)
    assert found.error == pytest.approx(error)
    assert found.low == pytest.approx(low, abs=1e-6)
    assert found.high == pytest.approx(high, abs=1e-6)


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), min_size=2))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    from sklearn.metrics import cohen_kappa_score  # takes a second to import: one process does

    found = agreement(pairs)
    if len(set(itertools.chain(*pairs))) < 2:
        assert found.kappa is None
        return
    ones, others = zip(*pairs, strict=True)
    assert found.kappa == pytest.approx(cohen_kappa_score(ones, others), abs=1e-12)


def _kappa(shares: NDArray[np.float64]) -> float:
    expected = shares.sum(axis=1) @ shares.sum(axis=0)
    return float((np.trace(shares) - expected) / (1 - expected))


@given(st.lists(st.integers(1, 200), min_size=9, max_size=9))
def test_the_error_is_what_the_delta_method_gives(counts: list[int]) -> None:
    """The gradient by differences, and the covariance of a multinomial sample."""
    table = np.array(counts, float).reshape(3, 3)
    total = table.sum()
    shares, step = table / total, 1e-6
    gradient = np.zeros(9)
    for place in range(9):
        moved = np.zeros(9)
        moved[place] = step
        change = moved.reshape(3, 3)
        gradient[place] = (_kappa(shares + change) - _kappa(shares - change)) / (2 * step)
    flat = shares.ravel()
    variance = (gradient**2 @ flat - (gradient @ flat) ** 2) / total
    found = of(table.astype(int).tolist())
    assert found.error == pytest.approx(np.sqrt(max(variance, 0)), rel=1e-4, abs=1e-7)


def test_of_nothing_there_is_nothing_to_say() -> None:
    found = agreement([])
    assert (found.pairs, found.kappa, found.low, found.high) == (0, None, None, None)
    assert not found.is_enough


def test_one_answer_throughout_is_what_chance_does_too() -> None:
    found = of([[40, 0], [0, 0]])
    assert (found.agreed, found.kappa, found.low) == (40, None, None)
    assert found.share.value == 1


def test_without_a_difference_there_is_no_interval() -> None:
    found = of([[30, 0], [0, 30]])
    assert (found.kappa, found.low, found.high) == (1.0, None, None)


def test_few_pairs_have_no_interval() -> None:
    few = of([[ENOUGH - 3, 1], [1, 0]])
    assert few.pairs == ENOUGH - 1
    assert not few.is_enough
    assert (few.low, few.high) == (None, None)
    assert of([[ENOUGH - 2, 1], [1, 0]]).low is not None


def test_worse_than_chance_is_below_zero_and_bounds_stay_in_range() -> None:
    found = of([[0, 15], [15, 0]])
    assert found.kappa == pytest.approx(-1)
    assert found.low is None or found.low >= -1
