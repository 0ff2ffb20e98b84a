"""Names are the same however a system writes them, and a label is one that a rule can name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from training.data.corrections import correct, read_corrections
from training.data.folder import read_data
from training.data.labels import Meanings, read_meanings
from training.data.names import check_label
from training.errors import TrainingError

APART = unicodedata.normalize("NFD", "음식")


def test_a_label_is_the_same_taken_apart_as_macos_does(tmp_path: Path, meanings: Meanings) -> None:
    """Else a folder made two labels that look alike, neither of which a rule could name."""
    for folder in (APART, "바다"):
        (tmp_path / "folders" / folder).mkdir(parents=True)
        (tmp_path / "folders" / folder / "1.jpg").write_bytes(b"x")
    table = tmp_path / "labels.csv"
    table.write_text(f"file,labels,not\n1.jpg,{APART},\n2.jpg,,{APART}\n", "utf-8")
    found = read_data(tmp_path / "folders", meanings)
    assert {name for photo in found for name in photo.labels} == {"음식", "바다"}
    shown, absent = read_data(table, meanings)
    assert shown.labels == absent.absent == {"음식"}
    file = tmp_path / "labels.yaml"
    file.write_text(f"labels: {{{APART}: {{ko: 음식}}}}", "utf-8")
    assert read_meanings(file).of("음식").ko == "음식"


def test_a_file_is_found_by_its_name_composed_or_taken_apart(
    tmp_path: Path, meanings: Meanings
) -> None:
    (tmp_path / f"{APART}.jpg").write_bytes(b"x")
    (tmp_path / "바다.jpg").write_bytes(b"x")
    sea = unicodedata.normalize("NFD", "바다")
    rows = f"음식.jpg,food\n{sea}.jpg,sea\ngone.jpg,sea\n"
    (tmp_path / "labels.csv").write_text(f"file,labels\n{rows}", "utf-8")
    photos = read_data(tmp_path, meanings)
    assert [photo.path.is_file() for photo in photos] == [True, True, False]
    corrections = tmp_path / "corrections.csv"
    corrections.write_text("file,label,value,why\n바다.jpg,sea,absent,a lake\n", "utf-8")
    found = correct(photos, read_corrections(corrections), meanings)
    assert [photo.labels for photo in found] == [{"food"}, set(), {"sea"}]


@pytest.mark.parametrize("name", ["food", "음식", "nail-art", "No_1", "any", "x" * 64])
def test_a_label_may_be_called_what_a_rule_can_name(name: str) -> None:
    check_label(name)


@pytest.mark.parametrize("name", ["", "2nd", "sea side", " sea", "or", "아닌", "a|b", "x" * 65])
def test_a_label_that_no_rule_could_name_is_refused(name: str) -> None:
    with pytest.raises(TrainingError, match="No rule could name the label"):
        check_label(name)
