"""Folders and tables of photographs, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data.folder import label_names, read_data
from training.data.labels import Meaning, Meanings
from training.data.photo import Photo
from training.errors import TrainingError


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")


def test_one_folder_a_label(tmp_path: Path, meanings: Meanings) -> None:
    for name in ("음식/점심 🍜.JPG", "cat/deep/er/a.png", "none/b.webp", "cat/notes.txt"):
        touch(tmp_path / name)
    photos = read_data(tmp_path, meanings)
    assert {(p.path.name, p.labels) for p in photos} == {
        ("점심 🍜.JPG", frozenset({"음식"})),
        ("a.png", frozenset({"cat", "animal"})),
        ("b.webp", frozenset()),
    }
    assert label_names(photos) == {"음식", "cat", "animal"}


def test_a_table_names_several_labels_source_and_licence(
    tmp_path: Path, meanings: Meanings
) -> None:
    (tmp_path / "labels.csv").write_text(
        "file,labels,source,licence\na/1.jpg,food| drink,me,CC0-1.0\n2.jpg,,,\n", "utf-8"
    )
    assert read_data(tmp_path, meanings) == [
        Photo(tmp_path / "a/1.jpg", frozenset({"food", "drink"}), "me", "CC0-1.0"),
        Photo(tmp_path / "2.jpg", frozenset()),
    ]


def test_a_table_says_none_as_a_folder_does(tmp_path: Path, meanings: Meanings) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("file,labels\n1.jpg,none\n2.jpg,other|none\n", "utf-8")
    photos = read_data(table, meanings)
    assert [photo.labels for photo in photos] == [frozenset(), frozenset()]
    table.write_text("file,labels\n1.jpg,none\n2.jpg,food|none\n", "utf-8")
    with pytest.raises(TrainingError, match=r"2\.jpg is said to show food, none.*leave one"):
        read_data(table, meanings)


def test_a_table_saved_by_a_spreadsheet_is_read(tmp_path: Path, meanings: Meanings) -> None:
    (tmp_path / "labels.csv").write_text("file,labels\r\n1.jpg,food\r\n", "utf-8-sig")
    assert read_data(tmp_path, meanings)[0].labels == {"food"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name,labels\na.jpg,food\n", "lacks the column file"),
        ("file,labels\n,food\n", "line 2: no file is named"),
        ("file,labels\n", "holds no photographs"),
        (b"file,labels\n\xff\xfe,food\n", "cannot be read"),
    ],
)
def test_a_bad_table_is_told(
    tmp_path: Path, meanings: Meanings, table: str | bytes, said: str
) -> None:
    content = table if isinstance(table, bytes) else table.encode()
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(TrainingError, match=said):
        read_data(tmp_path, meanings)


def test_an_empty_folder_is_told(tmp_path: Path, meanings: Meanings) -> None:
    with pytest.raises(TrainingError, match="holds no photographs"):
        read_data(tmp_path, meanings)


def test_a_missing_folder_is_told(tmp_path: Path, meanings: Meanings) -> None:
    with pytest.raises(TrainingError, match="neither a folder"):
        read_data(tmp_path / "nowhere", meanings)


def test_a_child_without_its_parent_is_refused(tmp_path: Path) -> None:
    """The cat was learned as none, because no animal was said to be there."""
    table = tmp_path / "labels.csv"
    table.write_text("file,labels,not\na.jpg,cat,animal\n", "utf-8")
    meanings = Meanings(labels={"cat": Meaning(parent="animal")})
    with pytest.raises(
        TrainingError, match=r"a\.jpg shows cat, and so animal, which it is said not"
    ):
        read_data(table, meanings)
