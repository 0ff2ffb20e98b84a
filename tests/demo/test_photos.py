"""Every photograph and video of the demo may be here, is named, and tells only what it shows."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PIL import Image

from demo.build import LONGER_SIDE_PIXELS, credits_page, shrink
from demo.cut import WIDTH, cut
from demo.sources import LICENCES, SOURCES
from tests.videos.clips import clip, plain, shot

DEMO = Path(__file__).resolve().parents[2] / "demo"
FILES = sorted((DEMO / "photos").iterdir())
PHOTOS = [file for file in FILES if file.suffix == ".jpg"]
VIDEOS = [file for file in FILES if file.suffix == ".mp4"]


def test_each_file_has_a_source_and_each_source_a_file() -> None:
    assert sorted([*PHOTOS, *VIDEOS]) == FILES
    assert [file.name for file in FILES] == sorted(source.file for source in SOURCES)


def test_the_credits_page_is_what_the_sources_say() -> None:
    assert (DEMO / "CREDITS.md").read_text(encoding="utf-8") == credits_page(SOURCES)


def test_licences_allow_a_copy_in_a_repository() -> None:
    free = ("public domain", "CC0", "CC BY 2.0", "CC BY 3.0", "CC BY 4.0", "CC BY-SA")
    assert all(source.licence in LICENCES for source in SOURCES)
    assert all(licence.startswith(free) for licence in LICENCES)


def test_all_together_are_small() -> None:
    assert sum(file.stat().st_size for file in FILES) < 4_000_000


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


@pytest.mark.parametrize("video", VIDEOS, ids=lambda video: video.name)
def test_a_video_is_a_few_small_seconds_without_sound(video: Path) -> None:
    assert video.stat().st_size < 300_000
    with av.open(str(video)) as opened:
        assert [stream.type for stream in opened.streams] == ["video"]
        assert (opened.duration or 0) < 10 * av.time_base
        assert max(opened.streams.video[0].width, opened.streams.video[0].height) == WIDTH


def test_a_part_is_cut_out_of_a_film(tmp_path: Path) -> None:
    film = clip(tmp_path / "film.mp4", [*shot(plain(40), 2), *shot(plain(200), 2)])
    cut(film, tmp_path / "part.mp4", 2.0, 1.0)
    with av.open(str(tmp_path / "part.mp4")) as part:
        frames = [frame.to_ndarray(format="rgb24") for frame in part.decode(video=0)]
    assert frames[0].shape == (384, 640, 3), "in its own aspect"
    assert all(frame.mean() > 150 for frame in frames)
