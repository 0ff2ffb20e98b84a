"""Labels that were looked at again replace those of the tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.data.corrections import correct, read_corrections
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import make_targets
from training.errors import TrainingError

SHIPPED = Path(__file__).parents[3] / "training" / "data" / "corrections.csv"
HEADER = "file,label,value,why\n"


def table(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "corrections.csv"
    path.write_text(HEADER + rows, "utf-8")
    return path


def corrected(tmp_path: Path, rows: str, photo: Photo, meanings: Meanings) -> Photo:
    (found,) = correct([photo], read_corrections(table(tmp_path, rows)), meanings)
    return found


def test_a_label_that_is_shown_brings_its_ancestors(tmp_path: Path, meanings: Meanings) -> None:
    photo = Photo(Path("a.jpg"), frozenset(), absent=frozenset({"animal"}), name="a.jpg")
    found = corrected(tmp_path, "a.jpg,dog,shown,a dog\n", photo, meanings)
    assert found.labels == {"dog", "animal"}
    assert not found.absent


def test_a_label_that_is_absent_takes_what_implies_it_along(
    tmp_path: Path, meanings: Meanings
) -> None:
    photo = Photo(Path("a.jpg"), frozenset({"dog", "animal", "sea"}), name="a.jpg")
    found = corrected(tmp_path, "a.jpg,animal,absent,a statue\n", photo, meanings)
    assert found.labels == {"sea"}
    assert {"animal", "dog", "cat"} <= found.absent


def test_an_unknown_label_weighs_nothing(tmp_path: Path, meanings: Meanings) -> None:
    photo = Photo(Path("a.jpg"), frozenset({"sea"}), name="a.jpg")
    found = corrected(tmp_path, "a.jpg,sea,unknown,a lake\n", photo, meanings)
    assert np.isnan(make_targets([found], ["sea"], meanings).truth).all()


def test_other_photographs_stay_as_they_are(tmp_path: Path, meanings: Meanings) -> None:
    photo = Photo(Path("b.jpg"), frozenset({"sea"}), name="b.jpg")
    assert corrected(tmp_path, "a.jpg,sea,absent,a lake\n", photo, meanings) is photo


def test_another_value_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="line 2: the value 'maybe'"):
        read_corrections(table(tmp_path, "a.jpg,sea,maybe,\n"))


def test_a_table_without_reasons_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("file,label,value\n", "utf-8")
    with pytest.raises(TrainingError, match="why"):
        read_corrections(path)


def test_the_corrections_that_ship_name_labels_that_we_know(meanings: Meanings) -> None:
    found = read_corrections(SHIPPED)
    assert found
    assert {one.label for rows in found.values() for one in rows} <= set(meanings.labels)
