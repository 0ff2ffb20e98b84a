"""Two bundles on the photographs of a frozen test set, measured by the real command."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from classifiers import Bundle
from service.bundles.compare import Comparison, Figures, compare
from service.bundles.errors import RefusedError
from service.parts import Parts
from tests.service.bundles.conftest import Another


def _figures(f1: float | None, recall: float | None) -> Figures:
    return Figures(photographs=100, shown=20, f1=f1, recall=recall)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ((0.9, 0.9), (0.9, 0.88), 0),
        ((0.9, 0.9), (0.9, 0.879), 1),
        ((0.9, 0.9), (0.879, 0.879), 2),
        ((0.9, 0.9), (None, None), 2),
        ((None, None), (0.1, 0.1), 0),
    ],
)
def test_more_than_two_points(
    before: tuple[float | None, float | None], after: tuple[float | None, float | None], worse: int
) -> None:
    found = Comparison("them", {"sea": _figures(*before)}, {"sea": _figures(*after)})
    assert len(found.worse()) == worse


def test_a_label_that_only_one_has_does_not_count() -> None:
    known, new = {"sea": _figures(0.9, 0.9)}, {"menu": _figures(0.1, 0.1)}
    assert Comparison("them", known, known | new).worse() == []


def test_measured_on_a_folder_of_photographs(
    parts: Parts, another: Another, tmp_path: Path, repository: Path
) -> None:
    """The same network under another name sees the same; each measurement takes some seconds."""
    photos = sorted((repository / "demo" / "photos").glob("*.jpg"))[:4]
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "labels"])
        rows.writerows([[str(photo), "food"] for photo in photos[:2]])
        rows.writerows([[str(photo), ""] for photo in photos[2:]])

    live = Bundle.load(parts.config.bundle)
    same = compare(live, Bundle.load(another("same")), tmp_path)
    assert same.before == same.after
    assert same.before["food"].photographs == 4
    assert same.before["food"].shown == 2
    assert same.worse() == []


def test_photographs_that_are_none(parts: Parts, another: Another, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    live, other = Bundle.load(parts.config.bundle), Bundle.load(another("same"))
    with pytest.raises(RefusedError, match=r"cannot be measured on .*no photographs"):
        compare(live, other, tmp_path / "empty")
