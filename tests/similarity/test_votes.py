"""Votes of visually close posts: counted, compared with what is usual, and told apart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from similarity.votes import Bar, bar, one_an_author, relevance, says, tally


@dataclass(frozen=True)
class Vote:
    author: str
    name: str
    weight: float = 1.0


def full(carrying: int, voters: int) -> list[tuple[float, bool]]:
    return [(1.0, number < carrying) for number in range(voters)]


def test_each_author_has_one_vote_the_nearest() -> None:
    votes = [Vote("a", "1"), Vote("b", "2"), Vote("a", "3"), Vote("c", "4"), Vote("d", "5")]
    assert [one.name for one in one_an_author(votes, 3)] == ["1", "2", "4"]


def test_a_share_has_its_interval() -> None:
    found = tally(full(6, 20))
    assert (found.voters, found.carrying, found.share) == (20, 6, 0.3)
    assert found.low == pytest.approx(0.145, abs=1e-3)
    assert found.high == pytest.approx(0.519, abs=1e-3)


def test_nobody_says_nothing() -> None:
    found = tally([])
    assert (found.share, found.low, found.high) == (0, 0, 1)
    assert says(found, Bar(0.01, 0.5, 0.2)) is None


def test_a_lighter_vote_counts_less_and_widens_the_interval() -> None:
    even, uneven = tally(full(10, 20)), tally([(1.0, True)] * 10 + [(0.5, False)] * 10)
    assert uneven.share == pytest.approx(2 / 3)
    assert uneven.high - uneven.low > 0.95 * (even.high - even.low)
    light = tally([(0.5, carries) for _, carries in full(10, 20)])
    assert light.share == even.share
    assert light.low == pytest.approx(even.low)


def test_what_is_usual_is_learned_where_neighbours_carry_it_more_than_all_do() -> None:
    shares = [0.3 + 0.01 * number for number in range(40)]
    usual = bar(0.02, shares)
    assert usual is not None
    assert usual.prior == 0.02
    assert usual.support == pytest.approx(0.495)
    # Two of forty stay below the third lowest: at most one of twenty right ones is spoken against.
    assert usual.floor == pytest.approx(0.31)


@pytest.mark.parametrize("shares", [[], [0.5] * 9, [0.02] * 40, [0.0, 0.05] * 20])
def test_what_pictures_do_not_have_in_common_is_not_voted_on(shares: list[float]) -> None:
    assert bar(0.025, shares) is None


def test_few_examples_never_speak_against() -> None:
    usual = bar(0.02, [0.5, 0.6] * 7)
    assert usual is not None
    assert usual.floor == 0
    assert says(tally(full(0, 60)), usual) is None


@pytest.mark.parametrize(
    ("carrying", "voters", "expected"),
    [(0, 60, False), (3, 60, False), (30, 60, True), (9, 60, True), (0, 9, None), (8, 10, True)],
)
def test_votes_speak_for_against_or_not(carrying: int, voters: int, expected: bool | None) -> None:
    assert says(tally(full(carrying, voters)), Bar(0.05, 0.4, 0.1)) is expected


def test_too_few_votes_to_be_sure_of_less_say_nothing() -> None:
    assert says(tally(full(0, 10)), Bar(0.01, 0.2, 0.1)) is None


def test_relevance_is_above_zero_where_more_carry_it_than_usual() -> None:
    assert relevance(tally(full(6, 60)), 0.02) > 0 > relevance(tally(full(0, 60)), 0.02)
    assert relevance(tally([]), 0.02) == 0
    assert relevance(tally(full(6, 60)), 0.02) < relevance(tally(full(6, 60)), 0.001)
