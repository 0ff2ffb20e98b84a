"""Labels that somebody looked at again: a table of file, label, value and why.

The photographs' own tables stay as they were published; what is wrong in them is corrected here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.data.labels import Meanings
from training.data.names import composed
from training.data.photo import Photo
from training.data.rows import read_rows
from training.errors import TrainingError

FIELDS = ("file", "label", "value", "why")
SHOWN, ABSENT, UNKNOWN = "shown", "absent", "unknown"


@dataclass(frozen=True)
class Correction:
    """What a photograph's label should be: shown, absent or unknown."""

    label: str
    value: str


Corrections = Mapping[str, Sequence[Correction]]


def read_corrections(table: Path) -> Corrections:
    """Corrections by the photograph's file. Raises TrainingError with the line that is wrong."""
    found: dict[str, list[Correction]] = defaultdict(list)
    for number, row in read_rows(table, FIELDS):
        if row["value"] not in (SHOWN, ABSENT, UNKNOWN):
            raise TrainingError(
                f"{table}, line {number}: the value {row['value']!r} is none of "
                f"{SHOWN}, {ABSENT}, {UNKNOWN}."
            )
        found[composed(row["file"])].append(Correction(composed(row["label"]), row["value"]))
    return found


def correct(photos: Sequence[Photo], corrections: Corrections, meanings: Meanings) -> list[Photo]:
    """The photographs with their labels corrected.

    A label that is shown brings its ancestors; one that is absent takes the labels that imply it
    along. Corrections of photographs that are not at hand are ignored.
    """
    named = ((photo, corrections.get(composed(photo.name))) for photo in photos)
    return [_corrected(photo, own, meanings) if own else photo for photo, own in named]


def _corrected(photo: Photo, corrections: Sequence[Correction], meanings: Meanings) -> Photo:
    shown, absent, unknown = set(photo.labels), set(photo.absent), set(photo.unknown)
    for one in corrections:
        above = {one.label, *meanings.ancestors(one.label)}
        below = {one.label} | {
            name for name in meanings.labels if one.label in meanings.ancestors(name)
        }
        if one.value == SHOWN:
            shown |= above
            absent, unknown = absent - above, unknown - above
        elif one.value == ABSENT:
            shown, unknown = shown - below, unknown - below
            absent |= below
        else:
            shown, absent = shown - {one.label}, absent - {one.label}
            unknown.add(one.label)
    return replace(
        photo,
        labels=frozenset(shown),
        absent=frozenset(absent),
        unknown=frozenset(unknown),
    )
