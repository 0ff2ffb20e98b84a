"""Maximal marginal relevance, on cases worked out by hand."""

from __future__ import annotations

import numpy as np

from similarity.diverse import diverse

SAME_PAIR = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], np.float32)


def test_what_is_like_the_first_comes_after_what_is_not() -> None:
    # 0.5 * 0.9 - 0.5 * 1 < 0.5 * 0.2
    assert diverse([1.0, 0.9, 0.2], SAME_PAIR, 3, relevance=0.5) == [0, 2, 1]


def test_without_diversity_the_score_alone_decides() -> None:
    assert diverse([0.2, 0.9, 1.0], SAME_PAIR, 3, relevance=1.0) == [2, 1, 0]


def test_what_has_no_vector_counts_as_unlike() -> None:
    unknown = np.full((2, 2), np.nan, np.float32)
    assert diverse([0.5, 0.6], unknown, 5) == [1, 0]


def test_no_more_are_chosen_than_asked_for_or_there() -> None:
    assert diverse([1.0, 0.9, 0.2], SAME_PAIR, 1) == [0]
    assert diverse([], np.zeros((0, 0), np.float32), 3) == []
