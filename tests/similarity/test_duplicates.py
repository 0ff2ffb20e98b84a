from __future__ import annotations

import numpy as np
import pytest

from similarity import likeness
from similarity.duplicates import Floats


def _at(*degrees: float) -> Floats:
    """Unit vectors in a plane, one for each angle: cosines are those of the angles between them."""
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def test_the_likest_pair_counts() -> None:
    assert likeness(_at(0, 90), _at(80, 45)).closest == pytest.approx(np.cos(np.radians(10)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((0,), (10,), True),
        ((0,), (30,), False),
        ((0, 90), (85, 5), True),  # in another order
        ((0, 90), (5,), False),  # the second photograph has no double
        ((5,), (0, 90), False),  # nor has it the other way round
        ((0, 5), (2,), True),  # two doubles of one
    ],
)
def test_posts_are_the_same_where_every_photograph_has_its_double(
    one: tuple[float, ...], other: tuple[float, ...], same: bool
) -> None:
    assert likeness(_at(*one), _at(*other), near=0.93).same is same


def test_a_post_without_embeddings_is_compared_with_nothing() -> None:
    with pytest.raises(ValueError, match="at least one embedding"):
        likeness(_at(0), np.empty((0, 2), np.float32))
