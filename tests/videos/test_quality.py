"""What is said of one frame as a picture."""

from __future__ import annotations

import numpy as np

from tests.videos.clips import Pixels, blurred, plain, texture
from videos.quality import Quality, colours, content, difference, measure


def of(pixels: Pixels, change: float = 0.0, torn: bool = False) -> Quality:
    return measure(content(pixels), change=change, torn=torn)


def test_a_sharp_picture_has_no_fault() -> None:
    assert of(texture(1)).faults == ()


def test_each_fault_has_its_name() -> None:
    assert "black" in of(texture(1) // 12).faults
    assert "blurred" in of(blurred(texture(1))).faults
    assert "white" in of(np.maximum(texture(1), 252)).faults
    assert "flat" in of(plain(128)).faults
    assert "transition" in of(texture(1), change=0.5).faults
    assert "torn" in of(texture(1), torn=True).faults


def test_a_fault_weighs_more_than_any_measure() -> None:
    soft = (blurred(texture(1)) // 2 + texture(1) // 2).astype(np.uint8)
    assert not of(soft).faults
    assert of(soft).score > of(texture(1), torn=True).score
    assert of(texture(1)).score > of(soft).score


def test_bars_are_no_part_of_the_picture() -> None:
    framed = plain(0)
    framed[:, 40:120] = texture(1)[:, 40:120]
    assert content(framed).shape == (96, 80, 3)
    assert of(framed) == of(texture(1)[:, 40:120])


def test_a_dark_picture_is_not_taken_for_bars() -> None:
    night = plain(5)
    night[40:50, 70:80] = 200
    assert content(night).shape == night.shape


def test_the_same_colours_differ_by_nothing_and_others_by_all() -> None:
    assert difference(colours(texture(1)), colours(texture(1))) == 0
    assert difference(colours(plain(0)), colours(plain(255))) == 1
