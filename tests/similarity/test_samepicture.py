"""The same picture, changed, is told; two pictures are two."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from similarity.alignment import LEAST_MATCHES, NONE, Points, mirrored, overlay, points_of
from similarity.hashes import distance, grey, perceptual_hash
from similarity.samepicture import (
    LEAST_POINTS_IN_SMALL,
    POSSIBLE_COSINE,
    SAME_COSINE,
    SAME_HASH,
    SAME_HASH_COSINE,
    SMALL,
    How,
    Picture,
    fits,
    same_picture,
)


def picture(seed: int) -> Image.Image:
    """Tiles of random greys: corners enough to be aligned by."""
    noise = np.random.default_rng(seed).integers(0, 255, (12, 16), np.uint8)
    return Image.fromarray(noise).resize((320, 240), Image.Resampling.NEAREST).convert("RGB")


def points(image: Image.Image) -> Points:
    return points_of(grey(image))


def ready(image: Image.Image) -> Picture:
    return Picture(grey(image))


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
    changed = ready(CHANGED[change](whole))
    assert changed.lies_on(ready(whole))
    assert not changed.lies_on(ready(picture(2)))


def alike(seed: int) -> Image.Image:
    """A bright sky over dark ground with one emblem in the middle; what grows there is its own."""
    ground = np.full((240, 320), 210.0)
    ground[110:] = 60
    grain = np.random.default_rng(seed).normal(0, 1, (60, 80)).astype(np.float32)
    ground += 25 * np.kron(grain, np.ones((4, 4)))
    ground[80:160, 110:210] = np.asarray(picture(1).convert("L").resize((100, 80)))
    return Image.fromarray(ground.clip(0, 255).astype(np.uint8)).convert("RGB")


def test_two_pictures_with_one_layout_and_one_emblem_are_two() -> None:
    one, other = alike(5), alike(6)
    found = overlay(points(one), points(other))
    assert found.matches >= LEAST_MATCHES, "the emblem alone gives a map"
    assert found.share > 0.9
    assert found.agreement < 0.2
    assert not ready(one).lies_on(ready(other))
    assert ready(ImageOps.mirror(one)).lies_on(ready(one))


def test_an_edge_that_only_one_of_two_has_does_not_part_them() -> None:
    whole = picture(5)
    framed, turned = CHANGED["bordered"](whole), CHANGED["turned"](whole)
    assert ready(framed).lies_on(ready(turned)), "a white border, and black corners"


def test_a_picture_of_few_points_is_not_given_up_for_being_small() -> None:
    noise = np.random.default_rng(7).integers(90, 165, (5, 5), np.uint8)
    sparse = Image.new("RGB", (320, 240), (128, 128, 128))
    sparse.paste(Image.fromarray(noise).resize((100, 100), Image.Resampling.NEAREST), (110, 70))
    cut = sparse.crop((32, 24, 288, 216))
    assert len(points_of(grey(sparse), SMALL).places) < LEAST_POINTS_IN_SMALL
    assert ready(cut).lies_on(ready(sparse))


def test_a_picture_of_one_colour_lies_on_nothing() -> None:
    plain = points_of(np.full((30, 50), 200, np.uint8))
    assert overlay(plain, points(picture(1))) == NONE
    assert not fits(overlay(mirrored(plain), plain))


def test_mirrored_points_are_those_of_the_mirrored_picture() -> None:
    whole = picture(4)
    found = points(ImageOps.mirror(whole))
    laid = overlay(mirrored(points(whole)), found)
    assert laid.matches > 0.75 * len(found.places)
    assert laid.agreement > 0.9
    assert not fits(overlay(points(whole), found)), "what is around a point does not mirror itself"


def test_the_overlay_says_how_much_is_covered() -> None:
    whole = picture(3)
    part = overlay(points(whole.crop((0, 0, 320, 120))), points(whole))
    assert part.share == pytest.approx(0.5, abs=0.05)
    assert part.agreement > 0.9


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
        ((0, 1), SAME_HASH_COSINE, False, How.HASH),
        ((0, 1), SAME_HASH_COSINE - 0.01, False, None),
        ((0, 1), SAME_HASH_COSINE - 0.01, True, How.PIXELS),
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
