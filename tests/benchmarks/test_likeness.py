"""Which lie close: against ranks worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.likeness import precision


def test_what_is_near_and_related_comes_first() -> None:
    places = np.array([[0.0], [1.0], [3.0], [10.0]])
    related = np.zeros((4, 4), bool)
    related[0, 2] = related[0, 3] = related[1, 0] = True
    found = precision(places, related, ~np.eye(4, dtype=bool))
    # From 0 the others come as 1, 2, 3: the second and third are right.
    assert found[0].tolist() == [0, pytest.approx((1 / 2 + 2 / 3) / 2)]
    assert found[1].tolist() == [1, 1]
    assert found[3].tolist() == [0, 0]


def test_what_is_not_looked_through_is_not_found() -> None:
    places = np.array([[0.0], [1.0], [3.0]])
    among = np.zeros((3, 3), bool)
    among[0, 2] = True
    assert precision(places, among, among)[0].tolist() == [1, 1]
