from __future__ import annotations

import pytest

from service.console.overview.scale import scale_for


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (16, [0, 5, 10, 15, 20]),
        (864, [0, 200, 400, 600, 800, 1000]),
        (1_000_001, [0, 500_000, 1_000_000, 1_500_000]),
    ],
)
def test_lines_are_round_numbers_and_the_most_fits_in(most: int, lines: list[int]) -> None:
    assert scale_for(most).lines == lines


def test_a_value_is_as_high_as_its_part_of_the_top() -> None:
    scale = scale_for(16)
    assert scale.height(20, 170) == 170
    assert scale.height(5, 170) == 42.5
    assert scale.height(0, 170) == 0
