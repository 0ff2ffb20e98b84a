"""The same picture, changed, is told; two pictures are two."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from similarity.alignment import NONE, Points, mirrored, overlay, points_of
from similarity.hashes import distance, grey, perceptual_hash
from similarity.samepicture import (
    POSSIBLE_COSINE,
    SAME_COSINE,
    SAME_HASH,
    How,
    Lens,
    fits,
    same_picture,
)


def picture(seed: int) -> Image.Image:
    """Tiles of random greys: corners enough to be aligned by."""
    noise = np.random.default_rng(seed).integers(0, 255, (12, 16), np.uint8)
    return Image.fromarray(noise).resize((320, 240), Image.Resampling.NEAREST).convert("RGB")


def points(image: Image.Image) -> Points:
    return points_of(grey(image))


CHANGED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "cropped": lambda image: image.crop((40, 30, 300, 220)),
    "smaller": lambda image: image.resize((100, 75)),
    "flatter": lambda image: image.resize((320, 180)),
    "turned": lambda image: image.rotate(5, Image.Resampling.BICUBIC),
    "mirrored": ImageOps.mirror,
    "bordered": lambda image: ImageOps.expand(image, 30, "white"),
    "inside another": lambda image: ImageOps.expand(image, 160, "white"),
}


@pytest.mark.parametrize("change", CHANGED)
def test_pixels_tell_a_picture_that_was_changed(change: str) -> None:
    whole = picture(1)
    lens = Lens(points(CHANGED[change](whole)))
    assert lens.lies_on(points(whole))
    assert not lens.lies_on(points(picture(2)))


def test_a_picture_of_one_colour_lies_on_nothing() -> None:
    plain = points_of(np.full((30, 50), 200, np.uint8))
    assert overlay(plain, points(picture(1))) == NONE
    assert not fits(overlay(mirrored(plain), plain))


def test_mirrored_points_are_those_of_the_mirrored_picture() -> None:
    whole = picture(4)
    found = points(ImageOps.mirror(whole))
    laid = overlay(mirrored(points(whole)), found)
    assert laid.matches > 0.8 * len(found.places)
    assert laid.correlation > 0.9
    assert not fits(overlay(points(whole), found)), "what is around a point does not mirror itself"


def test_the_overlay_says_how_much_is_covered() -> None:
    whole = picture(3)
    part = overlay(points(whole.crop((0, 0, 320, 120))), points(whole))
    assert part.share == pytest.approx(0.5, abs=0.05)
    assert part.correlation > 0.9


def test_hashes_of_a_picture_stored_again_are_close_and_of_others_far() -> None:
    one, smaller = picture(1), picture(1).resize((200, 150))
    codes = [perceptual_hash(grey(image)) for image in (one, smaller, picture(2))]
    assert distance(codes[0], codes[1]) <= SAME_HASH < 16 < distance(codes[0], codes[2])
    assert all(-(2**63) <= code < 2**63 for code in codes), "as the database stores them"


@pytest.mark.parametrize(("one", "other", "bits"), [(0, -1, 64), (-1, -2, 1), (5, 5, 0)])
def test_bits_that_differ_are_counted_in_signed_numbers_too(
    one: int, other: int, bits: int
) -> None:
    assert distance(one, other) == bits


@pytest.mark.parametrize(
    ("hashes", "cosine", "looks", "expected"),
    [
        ((0, 1), 0.88, False, How.HASH),
        ((0, 1), POSSIBLE_COSINE - 0.01, True, None),
        ((0, -1), SAME_COSINE, False, How.EMBEDDING),
        ((None, 0), SAME_COSINE, False, How.EMBEDDING),
        ((0, -1), 0.9, True, How.PIXELS),
        ((0, -1), 0.9, False, None),
        ((None, None), 0.88, False, None),
    ],
)
def test_the_cheap_signs_come_first(
    hashes: tuple[int | None, int | None], cosine: float, looks: bool, expected: How | None
) -> None:
    asked: list[bool] = []

    def pixels() -> bool:
        asked.append(True)
        return looks

    assert same_picture(hashes, cosine, pixels) == expected
    between = expected in (How.PIXELS, None) and cosine >= POSSIBLE_COSINE
    assert bool(asked) == between, "pixels are looked at where nothing else tells, only"
