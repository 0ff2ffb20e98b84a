"""Tables that somebody wrote: what is where must not be a guess."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from training.data.corrections import read_corrections
from training.data.families import read_families
from training.data.rows import read_rows
from training.data.table import read_table
from training.errors import TrainingError


def written(folder: Path, text: str, name: str = "labels.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def refusal(read: Callable[[Path], object], table: Path) -> str:
    with pytest.raises(TrainingError) as caught:
        read(table)
    return str(caught.value)


def test_blanks_around_cells_say_nothing(tmp_path: Path) -> None:
    """A source with one would be another source, and lie on both sides of a split."""
    table = written(tmp_path, "\ufefffile,labels,source\r\n a b.jpg , food | cat , 가게 \r\n")
    (photo,) = read_table(table)
    assert (photo.name, photo.source) == ("a b.jpg", "가게")
    assert photo.labels == {"food", "cat"}
    corrections = read_corrections(
        written(tmp_path, "file,label,value,why\n a.jpg , cat , shown ,")
    )
    assert [one.label for one in corrections["a.jpg"]] == ["cat"]


def test_a_missing_cell_and_empty_ones_too_many_are_empty(tmp_path: Path) -> None:
    table = written(tmp_path, "a,b\n1\n1,2,,\n")
    assert list(read_rows(table, ("a", "b"))) == [
        (2, {"a": "1", "b": ""}),
        (3, {"a": "1", "b": "2"}),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file,labels,labels\na.jpg,food,cat\n", "has the column labels twice."),
        ("file,labels,source\na.jpg,food,cat,dog\n", "line 2: there are more cells than columns"),
        ("file\na.jpg\n", "lacks the column labels."),
    ],
)
def test_a_table_that_leaves_open_what_is_where_is_refused(
    tmp_path: Path, text: str, why: str
) -> None:
    assert why in refusal(read_table, written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "lacks the column source and family"),
        ("shop,family\n", "lacks the column source"),
        ("source,family\na\n", "line 2: it needs a source and its family."),
        ("source,family\na,x\na,y\n", "line 3: a is in two families."),
    ],
)
def test_families_that_say_nothing_are_refused(tmp_path: Path, text: str, why: str) -> None:
    """Without a family the source was split by photograph."""
    assert why in refusal(read_families, written(tmp_path, text))


@pytest.mark.parametrize(
    "labels", ["[null]", '["food", 1]', '{"food": 1}', '[["food"]]', "true", "[" * 100_000]
)
def test_labels_that_are_no_names_are_refused(tmp_path: Path, labels: str) -> None:
    """Else a label called None was learned."""
    table = written(tmp_path, f'{{"file": "a.jpg", "labels": {labels}}}', "labels.jsonl")
    assert "labels.jsonl, line 1: " in refusal(read_table, table)
