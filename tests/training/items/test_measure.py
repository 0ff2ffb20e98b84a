"""Worked out by hand: five films on a line of angles."""

from __future__ import annotations

import numpy as np
import pytest

from training.items.measure import recall

ANGLES = np.radians([0, 10, 25, 60, 180])
VECTORS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32)
RELATED = np.zeros((5, 5), bool)
# The nearest of 0 are 1, 2, 3, 4; of 1: 0, 2, 3, 4; of 3: 2, 1, 0, 4.
RELATED[0, [2, 4]] = RELATED[1, 0] = RELATED[3, [1, 0]] = True


def test_recall_as_the_thesis_defines_it_asks_for_one_similar_film() -> None:
    found = recall(VECTORS, VECTORS, RELATED, at=(1, 2, 3))
    assert found.hit.tolist() == [[0, 1, 1], [1, 1, 1], [0, 1, 1]]


def test_recall_as_the_field_defines_it_asks_for_all() -> None:
    found = recall(VECTORS, VECTORS, RELATED, at=(1, 2, 3))
    assert found.share.tolist() == [[0, 0.5, 0.5], [1, 1, 1], [0, 0.5, 1]]


def test_mean_average_precision() -> None:
    found = recall(VECTORS, VECTORS, RELATED)
    assert found.precision == pytest.approx([(1 / 2 + 2 / 4) / 2, 1, (1 / 2 + 2 / 3) / 2])


def test_films_without_a_similar_one_are_not_asked_for() -> None:
    assert len(recall(VECTORS, VECTORS, RELATED).hit) == 3
    with pytest.raises(ValueError, match="no film"):
        recall(VECTORS, VECTORS, np.zeros((5, 5), bool))


def test_lengths_do_not_count() -> None:
    long = VECTORS * np.array([[1], [5], [2], [9], [3]], np.float32)
    assert np.array_equal(recall(long, long, RELATED).hit, recall(VECTORS, VECTORS, RELATED).hit)


def test_an_interval_holds_its_mean_and_is_the_same_again() -> None:
    found = recall(VECTORS, VECTORS, RELATED)
    (low, high), *_ = found.intervals()["recall"]
    assert low <= found.summary()["recall"][0] <= high
    assert found.intervals() == found.intervals()
