"""What cannot end well is told before photographs are looked at, which may take hours."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.__main__ import main


@pytest.mark.parametrize(
    ("first", "others", "out", "said"),
    [
        ("fodo", "sea", "out", "there are only 1 of fodo"),
        ("food", "sea side", "out", "No rule could name the label 'sea side'"),
        ("food", "sea", "album/labels.csv", "labels.csv is no folder: name another with --out."),
    ],
)
def test_what_cannot_end_well_is_told_before_the_long_work(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    first: str,
    others: str,
    out: str,
    said: str,
) -> None:
    """No network is made, and no photograph looked at: they are not there."""
    folder = tmp_path / "album"
    folder.mkdir()
    lines = [f"{n}.jpg,{others if n % 2 else 'food' if n else first}" for n in range(40)]
    (folder / "labels.csv").write_text("\n".join(["file,labels", *lines]), "utf-8")
    asked = ["train", str(folder), "--out", str(tmp_path / out), "--weights", "none"]
    assert main([*asked, "--cache", str(tmp_path / "cache")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "cache").exists()


def test_more_data_that_is_not_there_is_named(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = str(tmp_path / "nowhere")
    asked = [
        "train",
        str(album),
        "--also",
        gone,
        "--out",
        str(tmp_path / "next"),
        "--weights",
        "none",
    ]
    assert main(asked) == 2
    assert f"{gone} is neither a folder nor a table" in capsys.readouterr().err
    assert not (tmp_path / "next").exists()


@pytest.mark.parametrize("sharpness", ["-1", "1e-9", "11", "nan"])
def test_a_sharpness_that_numbers_cannot_hold_is_refused(
    album: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], sharpness: str
) -> None:
    """Near 0 it should be the mean: of less than this, float32 made the maximum."""
    asked = ["train", str(album), "--out", str(tmp_path / "next"), "--weights", "none"]
    assert main([*asked, f"--sharpness={sharpness}"]) == 2
    told = capsys.readouterr().err
    assert told == "train: --sharpness is 0, or a number from 0.0001 to 10.\n"
    assert not (tmp_path / "next").exists()
