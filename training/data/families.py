"""Sources that hold some of the same pictures, and so must lie on one side of a split."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.errors import TrainingError

DEFAULT_FAMILIES = Path(__file__).with_name("families.csv")
Families = Mapping[str, str]


def read_families(table: Path) -> Families:
    """The family of each source that is named. Raises TrainingError."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            return {row["source"]: row["family"] for row in csv.DictReader(file)}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        raise TrainingError(
            f"{table} cannot be read as a table of source and family: {error}."
        ) from error


def families_of(sources: Sequence[str | None], families: Families) -> list[str | None]:
    """Each source's family; a source without one is a family of its own."""
    return [source if source is None else families.get(source, source) for source in sources]
