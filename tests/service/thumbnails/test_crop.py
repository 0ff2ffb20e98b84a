"""A crop has the shape that is asked for, lies inside, and its middle near what was seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.thumbnails.crop import SHAPES, box

PART = st.floats(0, 1)
SIDE = st.integers(1, 5000)


def test_a_crop_follows_the_focus_until_an_edge() -> None:
    wide = (1600, 900)
    assert box(wide, (0.5, 0.5), (1, 1)) == (350, 0, 1250, 900)
    assert box(wide, (0.0, 0.5), (1, 1)) == (0, 0, 900, 900)
    assert box(wide, (1.0, 0.5), (1, 1)) == (700, 0, 1600, 900)
    assert box(wide, (0.6, 0.5), (1, 1)) == (510, 0, 1410, 900)
    assert box((900, 1600), (0.5, 0.9), (16, 9)) == (0, 1094, 900, 1600)


@given(
    st.tuples(st.integers(1, 5000), st.integers(1, 5000)), PART, PART, st.sampled_from([*SHAPES])
)
def test_a_crop_lies_inside_and_is_as_large_as_can_be(
    size: tuple[int, int], across: float, down: float, shape: str
) -> None:
    left, top, right, bottom = box(size, (across, down), SHAPES[shape])
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert right - left == size[0] or bottom - top == size[1]
