"""How much smaller a picture is made for a network."""

from __future__ import annotations

import pytest
from PIL import Image

from pictures import reduced


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1280, 960), (427, 320)),
        ((960, 1280), (320, 427)),
        ((1280, 1280), (320, 320)),
        ((1280, 720), (640, 360)),
        ((1280, 582), (1280, 582)),
        ((300, 200), (300, 200)),
        ((1280, 1), (1280, 1)),
    ],
)
def test_the_shorter_side_keeps_what_a_network_takes_in(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert reduced(Image.new("RGB", size), 320).size == expected
