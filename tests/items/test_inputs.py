from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from items import Item
from items.inputs import DECADES, Inputs, period
from items.text import TextSide

INPUTS = Inputs(
    TextSide({"witch": 0, "sea": 1}, np.eye(2, dtype=np.float32)), {"comedy": 1.0, "drama": 2.0}, 3
)
LAYOUT = INPUTS.layout


def part(item: Item, place: tuple[int, int]) -> list[float]:
    found: list[float] = INPUTS.of([item])[0, slice(*place)].tolist()
    return found


def test_each_part_has_its_place() -> None:
    assert (LAYOUT.text, LAYOUT.tags) == ((0, 2), (2, 4))
    assert LAYOUT.period == (4, 4 + len(DECADES))
    assert LAYOUT.width == LAYOUT.picture[1] == 4 + len(DECADES) + 3


def test_rare_tags_weigh_more_and_case_does_not_matter() -> None:
    found = part(Item(tags=("Comedy", "DRAMA")), LAYOUT.tags)
    assert found == pytest.approx([1 / 5**0.5, 2 / 5**0.5])


def test_a_tag_that_is_not_known_is_a_word() -> None:
    assert part(Item(tags=("sea",)), LAYOUT.text) == [0, 1]


def test_pictures_are_averaged() -> None:
    pictures = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    assert part(Item(pictures=pictures), LAYOUT.picture) == pytest.approx([0.5**0.5, 0.5**0.5, 0])


def test_pictures_are_weighed_by_attention() -> None:
    """By their products with the query, 2 and 0: one counts e² times as much as the other."""
    inputs = replace(INPUTS, query=np.array([2, 0, 0], np.float32))
    pictures = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    found = inputs.of([Item(pictures=pictures)])[0, slice(*LAYOUT.picture)]
    assert found[0] / found[1] == pytest.approx(np.e**2)
    (alone,) = inputs.of([Item(pictures=pictures[1:])])[:, slice(*LAYOUT.picture)]
    assert alone.tolist() == [0, 1, 0]


def test_what_is_missing_is_zeros() -> None:
    assert not INPUTS.of([Item()]).any()
    assert INPUTS.of([]).shape == (0, LAYOUT.width)


def test_embeddings_by_another_classifier_are_refused() -> None:
    with pytest.raises(ValueError, match=r"has \(4,\) numbers"):
        INPUTS.of([Item(pictures=np.zeros((1, 4), np.float32))])


def test_a_year_is_spread_over_the_decades_beside_it() -> None:
    near = period(1995)
    assert near[DECADES.index(1990)] == pytest.approx(near[DECADES.index(2000)])
    assert np.count_nonzero(near) == 2
    assert period(1990) @ period(1996) > period(1990) @ period(1998) > period(1990) @ period(2000)


def test_years_beyond_the_decades_count_as_the_first_or_last() -> None:
    assert np.array_equal(period(1890), period(1920))
    assert np.array_equal(period(2400), period(DECADES[-1]))
