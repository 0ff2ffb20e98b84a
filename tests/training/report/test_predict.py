"""What a bundle says of files, for programs, for people, and as maps of where it was seen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import Bundle
from training.__main__ import main
from training.report.explain import overlay

STARTER = Path(__file__).parents[3] / "models" / "starter"
PHOTOS = Path(__file__).parents[3] / "demo" / "photos"


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """A cat on the left of an empty wall, in a file with a long Korean name."""
    wall = Image.new("RGB", (400, 200), (225, 220, 210))
    wall.paste(Image.open(PHOTOS / "cat.jpg").convert("RGB").resize((200, 200)), (0, 0))
    path = tmp_path / f"{'고양이' * 25} 🐈.png"
    wall.save(path)
    return path


def test_a_json_line_has_file_labels_and_error(
    cat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("no image")
    assert main(["predict", "--json", str(cat), str(text), str(tmp_path / "gone.jpg")]) == 0
    seen, broken, gone = map(json.loads, capsys.readouterr().out.splitlines())
    for line in (seen, broken, gone):
        assert set(line) == {"file", "labels", "error"}
    assert seen["file"] == str(cat)
    assert seen["error"] is None
    assert list(seen["labels"]) == [label.name for label in Bundle.load(STARTER).labels]
    for said in seen["labels"].values():
        assert set(said) == {"score", "fact"}
        assert 0 <= said["score"] <= 1
        assert said["fact"] in (True, False, None)
    assert broken["labels"] == gone["labels"] == {}
    assert broken["error"] == "The bytes are not an image of a known format."
    assert gone["error"] == "The file cannot be read: No such file or directory."


def test_where_no_file_can_be_read_the_command_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(tmp_path / "gone.jpg"), str(tmp_path)]) == 1
    gone, folder = capsys.readouterr().out.splitlines()
    assert gone.endswith("The file cannot be read: No such file or directory.")
    assert folder.endswith("The file cannot be read: Is a directory.")


def test_a_map_for_each_label_that_may_be_there(
    cat: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    maps = tmp_path / "maps"
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8")
    asked = ["predict", "--json", str(broken), str(cat), "--explain", str(maps)]
    assert main(asked) == 0
    shown = capsys.readouterr()
    labels = json.loads(shown.out.splitlines()[1])["labels"]
    maybe = {name for name, said in labels.items() if said["fact"] is not False}
    assert "cat" in maybe
    written = sorted(maps.iterdir())
    assert sorted(map(str, written)) == sorted(shown.err.split("\n")[:-1])
    assert {path.stem.rpartition("-")[2] for path in written} == maybe
    assert {path.name[:4] for path in written} == {"002-"}
    red = redness(Image.open(next(path for path in written if path.stem.endswith("-cat"))))
    half = red.shape[1] // 2
    assert red[:, :half].mean() > 2 * red[:, half:].mean()


def test_only_what_was_seen_is_red() -> None:
    rose = Image.new("RGB", (100, 50), (200, 20, 40))
    seen = np.array([[0.0, 0.0, 0.0, 1.0]], np.float32)
    red = redness(overlay(rose, seen))
    assert red[:, :40].max() < 1
    assert red[:, -10:].min() > 100


def test_maps_that_cannot_be_written_are_refused(
    cat: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["predict", str(cat), "--explain", str(cat)]) == 2
    assert "cannot be made (File exists): name another." in capsys.readouterr().err


def redness(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    pixels = np.asarray(image.convert("RGB"), np.float32)
    return np.asarray(pixels[..., 0] - pixels[..., 2])
