"""Shares and how sure they are."""

from __future__ import annotations

import pytest

from intervals import ONE_SIDED_95, Share, wilson


@pytest.mark.parametrize(("hits", "of"), [(0, 1), (1, 2), (9, 10), (10, 10), (37, 1000)])
def test_bounds_are_those_of_wilson(hits: int, of: int) -> None:
    from scipy.stats import binomtest  # takes a second to import: one process does

    expected = binomtest(hits, of).proportion_ci(0.95, "wilson")
    share = Share(hits, of)
    assert share.value == pytest.approx(hits / of)
    assert (share.low, share.high) == pytest.approx((expected.low, expected.high), abs=1e-6)


@pytest.mark.parametrize("of", [3, 4, 61, 199, 10_000])
def test_a_share_of_none_or_all_is_within_its_own_interval(of: int) -> None:
    """By the formula alone, rounding puts the upper bound of 61 of 61 below 1."""
    none, every = Share(0, of), Share(of, of)
    assert (none.low, none.value, every.value, every.high) == (0, 0, 1, 1)


def test_of_nothing_there_is_no_share() -> None:
    share = Share(0, 0)
    assert (share.value, share.low, share.high) == (None, None, None)


def test_a_share_lies_in_its_interval() -> None:
    for share in [Share(hits, of) for of in range(1, 120) for hits in (0, 1, of)]:
        assert share.value is not None
        assert share.low is not None
        assert share.high is not None
        assert 0 <= share.low <= share.value <= share.high <= 1, share


@pytest.mark.parametrize(("hits", "of", "bound"), [(5, 5, 0.649), (8, 10, 0.541), (0, 4, 0.0)])
def test_a_bound_may_be_one_sided(hits: int, of: int, bound: float) -> None:
    assert wilson(hits, of, ONE_SIDED_95)[0] == pytest.approx(bound, abs=5e-4)
