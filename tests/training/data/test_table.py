"""Tables that list photographs, and what is said not to be shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.data.folder import read_data
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.table import read_table
from training.data.targets import make_targets
from training.errors import TrainingError


def test_json_lines_name_labels_and_what_is_not_shown(tmp_path: Path) -> None:
    table = tmp_path / "사진 📷.jsonl"
    table.write_text(
        '{"file": "1.jpg", "labels": ["gym"], "not": ["adult"], "source": "me"}\n\n'
        '{"file": "2.jpg", "labels": [], "unknown": ["food"]}\n',
        "utf-8",
    )
    assert read_table(table) == [
        Photo(tmp_path / "1.jpg", frozenset({"gym"}), "me", absent=frozenset({"adult"})),
        Photo(tmp_path / "2.jpg", frozenset(), unknown=frozenset({"food"})),
    ]


def test_a_csv_file_is_named_itself(tmp_path: Path, meanings: Meanings) -> None:
    table = tmp_path / "list.csv"
    table.write_text("file,labels,not,unknown\n1.jpg,cat,drink,food|sea\n", "utf-8")
    (photo,) = read_data(table, meanings)
    assert photo.labels == {"cat", "animal"}
    assert photo.absent == {"drink"}
    assert photo.unknown == {"food", "sea"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no json", "line 1: no JSON"),
        ('{"file": "1.jpg"}', 'line 1: an object with "file" and "labels"'),
        ('{"file": "", "labels": []}', "line 1: no file is named"),
        ('{"file": "a", "labels": ["cat"], "not": ["cat"]}', "cat is said to be shown and not"),
        (r'{"file": "\ud800.jpg", "labels": []}', "line 1: it holds half a letter"),
    ],
)
def test_a_bad_line_is_told(tmp_path: Path, line: str, said: str) -> None:
    table = tmp_path / "labels.jsonl"
    table.write_text(line + "\n", "utf-8")
    with pytest.raises(TrainingError, match=said):
        read_table(table)


def test_the_line_is_that_of_the_file_after_empty_lines_and_rows_of_several(tmp_path: Path) -> None:
    table = tmp_path / "labels.csv"
    table.write_text('file,labels,not\n\n"a\nb.jpg",food,\nx.jpg,food,food\n', "utf-8")
    with pytest.raises(TrainingError, match="line 5: food is said to be shown and not to be"):
        read_table(table)


def test_what_is_said_goes_before_what_the_label_means(meanings: Meanings) -> None:
    """Of adults in a gym nothing is known, unless the table says so."""
    gym = frozenset({"gym"})
    photos = [
        Photo(Path("1"), gym),
        Photo(Path("2"), gym, absent=frozenset({"adult"})),
        Photo(Path("3"), frozenset(), unknown=frozenset({"adult"})),
        Photo(Path("4"), frozenset(), absent=frozenset({"animal"})),
    ]
    truth = make_targets(photos, ["adult", "cat"], meanings).truth
    assert np.array_equal(
        truth, np.array([[np.nan, 0], [0, 0], [np.nan, 0], [0, 0]]), equal_nan=True
    )
