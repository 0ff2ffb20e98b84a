"""Photographs that cannot be learned from are left out, each with its sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from tests.training.conftest import painted
from training.data.clean import read_photos
from training.data.photo import Photo

FOOD, DRINK = frozenset({"food"}), frozenset({"drink"})


def saved(path: Path, seed: int = 0) -> Path:
    painted((200, 100, 50), np.random.default_rng(seed)).save(path)
    return path


def test_good_photographs_become_squares(tmp_path: Path) -> None:
    photos = [Photo(saved(tmp_path / f"{seed}.png", seed), FOOD) for seed in range(3)]
    found = read_photos(photos, 48)
    assert found.photos == tuple(photos)
    assert found.pixels.shape == (3, 48, 48, 3)
    assert found.pixels.dtype == np.uint8
    assert found.left_out == ()


def test_broken_tiny_and_missing_ones_are_reported(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    Image.new("RGB", (63, 500)).save(tmp_path / "tiny.png")
    half = saved(tmp_path / "half.png")
    half.write_bytes(half.read_bytes()[:5000])
    names = ["text.jpg", "tiny.png", "half.png", "gone.jpg", "a\0.jpg"]
    photos = [Photo(tmp_path / name, FOOD) for name in names]
    good = Photo(saved(tmp_path / "good.png"), FOOD)
    found = read_photos([*photos, good], 32)
    assert found.photos == (good,)
    text, tiny, broken, gone, nul = found.left_out
    assert nul == f"{tmp_path}/a\0.jpg: it cannot be read (embedded null byte)."
    assert "text.jpg: The bytes are not an image" in text
    assert "63 x 500 pixels are too few (64 a side are needed)" in tiny
    assert "breaks off" in broken
    assert "cannot be read (No such file" in gone


def test_the_same_photograph_twice_counts_once(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "a.png"), saved(tmp_path / "b.png")
    found = read_photos([Photo(first, FOOD), Photo(second, FOOD)], 32)
    assert [photo.path for photo in found.photos] == [first]
    assert found.left_out == (f"{second}: the same photograph as {first}.",)


def test_the_same_photograph_under_two_labels_has_both(tmp_path: Path) -> None:
    first, second = saved(tmp_path / "a.png"), saved(tmp_path / "b.png")
    found = read_photos([Photo(first, FOOD), Photo(second, DRINK)], 32)
    assert found.photos[0].labels == {"food", "drink"}
    assert "under another label" in found.left_out[0]


def test_the_fingerprint_is_of_content_and_labels(tmp_path: Path) -> None:
    a, b = saved(tmp_path / "a.png", 1), saved(tmp_path / "b.png", 2)
    base = read_photos([Photo(a, FOOD), Photo(b, DRINK)], 32).fingerprint
    moved = Photo(saved(tmp_path / "c.png", 1), FOOD)
    assert read_photos([Photo(b, DRINK), moved], 32).fingerprint == base
    assert read_photos([Photo(a, FOOD), Photo(b, FOOD)], 32).fingerprint != base


def test_a_very_wide_png_gets_its_sentence(tmp_path: Path) -> None:
    Image.new("L", (60_000, 10)).save(tmp_path / "strip 🎞.png")
    Image.new("L", (60_000, 1_200)).save(tmp_path / "wall.png")
    photos = [Photo(tmp_path / name, FOOD) for name in ("strip 🎞.png", "wall.png")]
    strip, wall = read_photos(photos, 32).left_out
    assert "60000 x 10 pixels" in strip
    assert "60000 x 1200 pixels; at most" in wall
