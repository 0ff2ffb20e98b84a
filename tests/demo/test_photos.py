"""Every photograph of the demo may be here, is named, and tells nothing but what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from demo.build import LONGER_SIDE_PIXELS, credits_page, shrink
from demo.sources import LICENCES, SOURCES

DEMO = Path(__file__).resolve().parents[2] / "demo"
PHOTOS = sorted((DEMO / "photos").iterdir())


def test_each_photograph_has_a_source_and_each_source_a_photograph() -> None:
    assert [photo.name for photo in PHOTOS] == sorted(source.file for source in SOURCES)


def test_the_credits_page_is_what_the_sources_say() -> None:
    assert (DEMO / "CREDITS.md").read_text(encoding="utf-8") == credits_page(SOURCES)


def test_licences_allow_a_copy_in_a_repository() -> None:
    free = ("public domain", "CC0", "CC BY 2.0", "CC BY 4.0", "CC BY-SA")
    assert all(source.licence in LICENCES for source in SOURCES)
    assert all(licence.startswith(free) for licence in LICENCES)


def test_all_together_are_small() -> None:
    assert sum(photo.stat().st_size for photo in PHOTOS) < 4_000_000


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: photo.name)
def test_a_photograph_is_a_small_jpeg_without_metadata(photo: Path) -> None:
    with Image.open(photo) as image:
        image.load()
        assert image.format == "JPEG"
        assert image.mode == "RGB"
        assert 200 <= max(image.size) <= LONGER_SIDE_PIXELS
        assert not image.getexif()
        assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & image.info.keys()


def test_shrinking_turns_the_photograph_upright_and_drops_what_it_tells(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: a quarter to the right makes it upright
    exif[0x010F] = "a camera"
    source, target = tmp_path / "source.jpg", tmp_path / "target.jpg"
    Image.new("RGB", (3000, 1500), "teal").save(source, exif=exif, comment=b"hello")
    shrink(source, target)
    with Image.open(target) as image:
        assert image.size == (512, 1024)
        assert not image.getexif()
        assert "comment" not in image.info
