"""A folder of photographs with what is known of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from training.data.labels import Meanings
from training.data.names import composed
from training.data.photo import Photo
from training.data.table import read_table
from training.errors import TrainingError

TABLES = ("labels.csv", "labels.jsonl")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})


def read_data(data: Path, meanings: Meanings) -> list[Photo]:
    """The photographs of a folder or table, ancestors of each label added.

    ``data`` is a table (``training.data.table``), a folder that holds ``labels.csv`` or
    ``labels.jsonl``, or a folder with one folder a label. Raises TrainingError where there is
    nothing.
    """
    if data.is_file():
        photos = read_table(data)
    elif data.is_dir():
        tables = [data / name for name in TABLES if (data / name).is_file()]
        photos = read_table(tables[0]) if tables else _from_folders(data, meanings)
    else:
        raise TrainingError(
            f"{data} is neither a folder nor a table: name what holds or lists the photographs."
        )
    if not photos:
        raise TrainingError(
            f"{data} holds no photographs: put them in one folder a label, "
            f"or name them in {' or '.join(TABLES)}."
        )
    return [_with_all_labels(photo, meanings, data) for photo in photos]


def read_all(every: Iterable[Path], meanings: Meanings) -> list[Photo]:
    """The photographs of several folders or tables, each read as ``read_data`` does."""
    return [photo for data in every for photo in read_data(data, meanings)]


def read_photos_below(folder: Path) -> list[Photo]:
    """All photographs in a folder and the folders in it, without labels."""
    if not folder.is_dir():
        raise TrainingError(f"{folder} is not a folder: name the one that holds the photographs.")
    return _below(folder, frozenset(), folder)


def label_names(photos: Iterable[Photo]) -> set[str]:
    """All labels that any photograph carries."""
    return {label for photo in photos for label in photo.labels}


def _with_all_labels(photo: Photo, meanings: Meanings, data: Path) -> Photo:
    photo = _without_none(photo, meanings, data)
    labels = photo.labels.union(*(meanings.ancestors(label) for label in photo.labels))
    both = labels & photo.absent
    if both:
        raise TrainingError(
            f"{data}: {photo.name} shows {', '.join(sorted(photo.labels))}, and so "
            f"{', '.join(sorted(both))}, which it is said not to show."
        )
    return replace(photo, labels=labels)


def _without_none(photo: Photo, meanings: Meanings, data: Path) -> Photo:
    """What a folder called ``none`` says of its photographs, a table says by the same word."""
    none = photo.labels.intersection(meanings.none)
    if not none:
        return photo
    if photo.labels != none:
        raise TrainingError(
            f"{data}: {photo.name} is said to show {', '.join(sorted(photo.labels))}, and "
            f"{min(none)!r} says that it shows no label: leave one of them out."
        )
    return replace(photo, labels=frozenset())


def _from_folders(folder: Path, meanings: Meanings) -> list[Photo]:
    photos = []
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        name = composed(inner.name)
        photos += _below(inner, frozenset({name}), folder)
    return photos


def _below(folder: Path, labels: frozenset[str], root: Path) -> list[Photo]:
    return [
        Photo(path, labels, name=path.relative_to(root).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix.lower() in SUFFIXES
    ]
