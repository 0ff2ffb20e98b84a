"""The best frames of a video, for programs, for people, and as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.videos.clips import SIZE, blurred, clip, plain, shot, texture
from training.__main__ import main


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Black, a scene, the same out of focus, another scene, white."""
    frames = [
        *shot(plain(0), 1),
        *shot(texture(1), 1),
        *shot(blurred(texture(1)), 1),
        *shot(texture(2), 1),
        *shot(plain(255), 1),
    ]
    return clip(tmp_path_factory.mktemp("videos") / "장면.mp4", frames)


def test_a_json_line_has_good_frames_with_time_and_score(
    video: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["thumbnails", "--json", str(video), "-k", "2"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    frames = json.loads(line)["frames"]
    assert [set(frame) for frame in frames] == [{"time", "score"}] * 2
    assert sorted(int(frame["time"]) for frame in frames) == [1, 3]
    assert all(0 <= frame["score"] <= 1 for frame in frames)


def test_a_picture_that_stands_still_where_others_move_is_not_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frames = [np.roll(texture(1), 2 * n, axis=1) for n in range(50)]
    frames[12:20] = shot(texture(9), 0.8)  # as a damaged file leaves one behind
    path = clip(tmp_path / "a.mp4", frames)
    assert main(["thumbnails", "--json", str(path), "-k", "3"]) == 0
    times = [frame["time"] for frame in json.loads(capsys.readouterr().out)["frames"]]
    assert times
    assert not [time for time in times if 1.2 <= time < 2]


def test_references_say_which_frame_and_files_keep_the_aspect(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    style = tmp_path / "style"
    style.mkdir()
    Image.fromarray(texture(2)).save(style / "a.jpg")
    (style / "b.jpg").write_text("no picture")
    asked = ["thumbnails", str(video), "-k", "1", "--references", str(style)]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("time, s")
    assert 3 <= float(shown[1].split()[0]) < 4
    (written,) = (tmp_path / "out").iterdir()
    with Image.open(written) as image:
        assert image.size == SIZE


@pytest.mark.parametrize("content", [b"", b"no video", None])
def test_what_is_no_video_is_an_error_in_json_and_a_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "a.mp4"
    if content is not None:
        path.write_bytes(content)
    assert main(["thumbnails", "--json", str(path)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["frames"] == []
    assert said["error"].endswith(".")


def test_a_folder_without_pictures_is_an_error(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["thumbnails", "--json", str(video), "--references", str(tmp_path)]) == 1
    assert "no picture" in json.loads(capsys.readouterr().out)["error"]
