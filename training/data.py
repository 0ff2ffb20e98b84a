"""A folder of photographs with what is known of each."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.errors import TrainingError
from training.labels import Meanings

TABLE = "labels.csv"
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})


@dataclass(frozen=True)
class Photo:
    """A photograph: where it lies, what it shows, where it comes from and under which licence.

    ``source`` is None where nothing was said of it.
    """

    path: Path
    labels: frozenset[str]
    source: str | None = None
    licence: str | None = None


def read_folder(folder: Path, meanings: Meanings) -> list[Photo]:
    """The photographs of a data folder, ancestors of each label added.

    The folder holds either ``labels.csv`` (columns file, labels with ``|`` between them, and, if
    known, source and licence) or one folder a label. Raises TrainingError where there is nothing.
    """
    if not folder.is_dir():
        raise TrainingError(
            f"{folder} is not a folder: name the folder that holds the photographs."
        )
    table = folder / TABLE
    photos = _from_table(table) if table.is_file() else _from_folders(folder, meanings)
    if not photos:
        raise TrainingError(
            f"{folder} holds no photographs: put them in one folder a label, "
            f"or name them in {TABLE}."
        )
    return [
        Photo(photo.path, _with_ancestors(photo.labels, meanings), photo.source, photo.licence)
        for photo in photos
    ]


def label_names(photos: Iterable[Photo]) -> set[str]:
    """All labels that any photograph carries."""
    return {label for photo in photos for label in photo.labels}


def _with_ancestors(labels: frozenset[str], meanings: Meanings) -> frozenset[str]:
    return labels.union(*(meanings.ancestors(label) for label in labels)) if labels else labels


def _from_folders(folder: Path, meanings: Meanings) -> list[Photo]:
    photos = []
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        labels = frozenset() if inner.name in meanings.none else frozenset({inner.name})
        photos += [
            Photo(path, labels)
            for path in sorted(inner.rglob("*"))
            if path.is_file() and path.suffix.lower() in SUFFIXES
        ]
    return photos


def _from_table(table: Path) -> list[Photo]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"file", "labels"} - set(reader.fieldnames or ())
            if missing:
                raise TrainingError(f"{table} lacks the column {' and '.join(sorted(missing))}.")
            return [_from_row(table, number, row) for number, row in enumerate(reader, 2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{table} cannot be read: {error}.") from error


def _from_row(table: Path, number: int, row: dict[str, str | None]) -> Photo:
    name = (row["file"] or "").strip()
    if not name:
        raise TrainingError(f"{table}, line {number}: no file is named.")
    return Photo(
        table.parent / name,
        frozenset(label.strip() for label in (row["labels"] or "").split("|") if label.strip()),
        row.get("source") or None,
        row.get("licence") or None,
    )
