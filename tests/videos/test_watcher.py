"""Video files as strangers send them: what is had of each, or why nothing is."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.videos.clips import (
    SIZE,
    Pixels,
    blurred,
    clip,
    picture,
    plain,
    shot,
    sound,
    texture,
    turned,
)
from videos import VideoCode, VideoError, VideoLimits, Watched, Watcher, Wish

WISH = Wish(frames=12, shown=128, looked_at=64)
SECONDS = 60.0  # of a child that shares two cores with other tests
FASTSTART = {"movflags": "faststart"}


@pytest.fixture(scope="module")
def watcher() -> Iterator[Watcher]:
    """One for all: a child takes half a second of processor to start."""
    made = Watcher(VideoLimits(), processes=2)
    yield made
    made.close()


@pytest.fixture(scope="module")
def three_shots() -> list[Pixels]:
    return [*shot(texture(1), 2), *shot(texture(2), 2), *shot(plain(0), 1)]


def refused(watcher: Watcher, path: Path) -> VideoError:
    with pytest.raises(VideoError) as refusal:
        watcher.watch(path, WISH, SECONDS)
    return refusal.value


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mov", "mpeg4"),
        ("a.mkv", "libx264"),
        ("a.webm", "libvpx"),
        ("a.avi", "mpeg4"),
    ],
)
def test_each_container_is_read_whatever_its_name(
    watcher: Watcher, tmp_path: Path, name: str, codec: str
) -> None:
    clip(tmp_path / name, shot(texture(1), 2), codec)
    found = watcher.watch((tmp_path / name).rename(tmp_path / "upload"), WISH, SECONDS)
    assert found.seconds == pytest.approx(2, abs=0.2)
    assert not found.damaged
    assert not found.cut_short
    assert all(not frame.quality.faults for frame in found.frames)


def test_frames_come_from_every_shot_and_in_order(
    watcher: Watcher, tmp_path: Path, three_shots: list[Pixels]
) -> None:
    found = watcher.watch(clip(tmp_path / "a.mp4", three_shots), WISH, SECONDS)
    times = [frame.time for frame in found.frames]
    assert times == sorted(times)
    assert {frame.shot for frame in found.frames} == {0, 1, 2}
    assert {int(frame.time // 2) for frame in found.frames} == {0, 1, 2}
    assert [frame.quality.faults for frame in found.frames if frame.time >= 4] == [
        ("black", "flat", "blurred")
    ] * len([time for time in times if time >= 4])
    assert found.frames[0].start == 0
    assert found.frames[-1].end == pytest.approx(5, abs=0.2)


def test_the_sharpest_frame_of_a_stretch_is_kept(watcher: Watcher, tmp_path: Path) -> None:
    frames = [
        *shot(blurred(texture(1)), 0.6),
        *shot(texture(1), 0.4),
        *shot(blurred(texture(1)), 1),
    ]
    one = Wish(frames=1, shown=128, looked_at=64)
    (kept,) = watcher.watch(clip(tmp_path / "a.mp4", frames), one, SECONDS).frames
    assert 0.6 <= kept.time < 1


def test_no_more_frames_than_wished_for_are_kept_of_many_shots(
    watcher: Watcher, tmp_path: Path
) -> None:
    frames = [picture for seed in range(40) for picture in shot(texture(seed), 0.3)]
    found = watcher.watch(clip(tmp_path / "a.mp4", frames), WISH, SECONDS)
    assert len(found.frames) == WISH.frames


def test_a_flash_stands_for_no_more_than_its_own_moment(watcher: Watcher, tmp_path: Path) -> None:
    frames = [*shot(texture(1), 2), *shot(texture(2), 0.2), *shot(texture(1), 2)]
    found = watcher.watch(clip(tmp_path / "a.mp4", frames), WISH, SECONDS)
    (flash,) = [frame for frame in found.frames if frame.shot == 1]
    assert flash.end - flash.start == pytest.approx(0.2, abs=0.02)


def test_a_picture_is_upright_and_in_its_own_aspect(watcher: Watcher, tmp_path: Path) -> None:
    light_top = np.concatenate([plain(220)[:48], plain(60)[:48]])
    path = turned(clip(tmp_path / "a.mp4", shot(light_top, 1)))
    frame = watcher.watch(path, WISH, SECONDS).frames[0]
    assert frame.height / frame.width == pytest.approx(SIZE[0] / SIZE[1], rel=0.03)
    pixels = np.asarray(frame.image)
    assert pixels[:, -1].mean() > 150 > pixels[:, 0].mean()  # clockwise: the top is on the right


def test_pixels_that_are_not_square_are_made_so(watcher: Watcher, tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", shot(texture(1), 1), aspect=Fraction(2, 1))
    frame = watcher.watch(path, WISH, SECONDS).frames[0]
    assert frame.width / frame.height == pytest.approx(2 * SIZE[0] / SIZE[1], rel=0.05)
    assert (frame.width, frame.image.size) == (128, (128, frame.height))  # 64 rows are more
    small = watcher.watch(path, replace(WISH, looked_at=19), SECONDS).frames[0].image
    assert small.height == 19
    assert small.width == pytest.approx(19 * frame.width / frame.height, abs=1)
    shown = cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape[:2] == (frame.height, frame.width)


def test_times_are_those_of_a_variable_rate(watcher: Watcher, tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2, 3.0, 3.1, 9.0]
    frames = [texture(seed) for seed in range(6)]
    found = watcher.watch(clip(tmp_path / "a.mp4", frames, times=times), WISH, SECONDS)
    assert [round(frame.time, 2) for frame in found.frames] == times


def test_a_video_is_as_long_as_its_frames_where_its_header_says_less_than_nothing(
    watcher: Watcher, tmp_path: Path
) -> None:
    path = clip(tmp_path / "a.mkv", shot(texture(1), 2))
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, a float of eight bytes
    path.write_bytes(data[:at] + struct.pack(">d", -5e9) + data[at + 8 :])
    assert watcher.watch(path, WISH, SECONDS).seconds == pytest.approx(2, abs=0.2)


def test_one_frame_is_a_video(watcher: Watcher, tmp_path: Path) -> None:
    found = watcher.watch(clip(tmp_path / "a.mp4", [texture(1)]), WISH, SECONDS)
    assert len(found.frames) == 1


def test_what_comes_before_a_cut_off_tail_is_had(watcher: Watcher, tmp_path: Path) -> None:
    frames = [picture for seed in range(8) for picture in shot(texture(seed), 1)]
    path = clip(tmp_path / "a.mp4", frames, options=FASTSTART)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    found = watcher.watch(path, WISH, SECONDS)
    assert found.damaged
    assert 1 < found.frames[-1].time < 6


def test_frames_after_damage_are_torn_until_the_next_key_frame(
    watcher: Watcher, tmp_path: Path
) -> None:
    frames = [
        np.roll(texture(1), 3 * number, axis=1) for number in range(40)
    ]  # motion, so that frames hold bytes
    path = clip(tmp_path / "a.mp4", frames, key_every=20, options=FASTSTART)
    data = bytearray(path.read_bytes())
    at = data.index(b"mdat") + 8
    hurt = at + (len(data) - at) // 3
    data[hurt : hurt + 600] = bytes(range(256)) * 2 + bytes(88)
    path.write_bytes(data)
    found = watcher.watch(path, Wish(frames=40, shown=64, looked_at=64), SECONDS)
    assert found.damaged
    torn = [frame.time for frame in found.frames if "torn" in frame.quality.faults]
    assert torn
    assert all(time < 2 for time in torn)


def test_a_long_video_is_looked_at_in_places_from_all_of_it(tmp_path: Path) -> None:
    frames = [picture for seed in range(10) for picture in shot(texture(seed), 1)]
    path = clip(tmp_path / "a.mp4", frames, key_every=10)
    watcher = Watcher(VideoLimits(whole_pixels=1, max_decoded=250), 1)
    try:
        found = watcher.watch(path, WISH, SECONDS)
    finally:
        watcher.close()
    assert {int(frame.time) for frame in found.frames} >= {0, 2, 4, 6, 8}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", VideoCode.EMPTY),
        (bytes(range(256)) * 20, VideoCode.NOT_A_VIDEO),
        (b"#EXTM3U\nfile:///etc/passwd\n", VideoCode.NOT_A_VIDEO),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", VideoCode.NOT_A_VIDEO),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", VideoCode.NO_INDEX),
        (b"\x1a\x45\xdf\xa3" + bytes(500), VideoCode.DAMAGED),
        (picture("GIF"), VideoCode.PICTURE),
        (picture("JPEG"), VideoCode.PICTURE),
        (picture("WEBP"), VideoCode.PICTURE),
    ],
)
def test_what_is_no_video_has_its_own_error(
    watcher: Watcher, tmp_path: Path, content: bytes, code: VideoCode
) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    assert refused(watcher, tmp_path / "a.mp4").code == code


def test_an_index_that_was_cut_off_and_sound_alone_have_their_own_error(
    watcher: Watcher, tmp_path: Path
) -> None:
    path = clip(tmp_path / "a.mp4", shot(texture(1), 2))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(watcher, path).code == VideoCode.NO_INDEX
    assert refused(watcher, sound(tmp_path / "b.mp4")).code == VideoCode.NO_VIDEO_TRACK


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (VideoLimits(max_bytes=100), VideoCode.TOO_LARGE),
        (VideoLimits(max_seconds=1.5), VideoCode.TOO_LONG),
        (VideoLimits(max_pixels=1000), VideoCode.TOO_MANY_PIXELS),
        (VideoLimits(max_streams=0), VideoCode.TOO_MANY_STREAMS),
    ],
)
def test_limits_are_told_from_the_header(
    tmp_path: Path, limits: VideoLimits, code: VideoCode
) -> None:
    watcher = Watcher(limits, 1)
    try:
        assert refused(watcher, clip(tmp_path / "a.mp4", shot(texture(1), 2))).code == code
    finally:
        watcher.close()


def test_memory_has_a_limit_that_holds(tmp_path: Path) -> None:
    large = (2048, 1536)
    path = clip(tmp_path / "a.mp4", [texture(1, large)] * 3)
    watcher = Watcher(VideoLimits(max_memory=16 * 2**20), 1)
    try:
        # FFmpeg may give a frame up that finds no room, and the rest of the video with it.
        assert refused(watcher, path).code in {VideoCode.TOO_MUCH_MEMORY, VideoCode.NO_FRAMES}
    finally:
        watcher.close()


def test_time_has_a_limit_after_which_the_next_video_is_read(
    watcher: Watcher, tmp_path: Path
) -> None:
    path = clip(tmp_path / "a.mp4", shot(texture(1), 1))
    with pytest.raises(VideoError) as refusal:
        watcher.watch(path, WISH, 1e-6)
    assert refusal.value.code == VideoCode.TOO_SLOW
    assert watcher.watch(path, WISH, SECONDS).frames


def test_threads_share_a_watcher_and_each_gets_its_own_video(
    watcher: Watcher, tmp_path: Path
) -> None:
    lengths = [1, 2, 3, 4, 5, 6]
    paths = [clip(tmp_path / f"{n}.mp4", shot(texture(n), n)) for n in lengths]

    def watched(path: Path) -> Watched:
        return watcher.watch(path, WISH, SECONDS)

    with ThreadPoolExecutor(len(paths)) as pool:
        found = list(pool.map(watched, paths))
    assert [round(one.seconds) for one in found] == lengths
