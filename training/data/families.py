"""Sources that hold some of the same pictures, and so must lie on one side of a split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from training.data.rows import read_rows
from training.errors import TrainingError

DEFAULT_FAMILIES = Path(__file__).with_name("families.csv")
Families = Mapping[str, str]


def read_families(table: Path) -> Families:
    """The family of each source that is named. Raises TrainingError."""
    found: dict[str, str] = {}
    for number, row in read_rows(table, ("source", "family")):
        source, family = row["source"], row["family"]
        if not source or not family:
            raise TrainingError(f"{table}, line {number}: it needs a source and its family.")
        if found.setdefault(source, family) != family:
            raise TrainingError(f"{table}, line {number}: {source} is in two families.")
    return found


def families_of(sources: Sequence[str | None], families: Families) -> list[str | None]:
    """Each source's family; a source without one is a family of its own."""
    return [source if source is None else families.get(source, source) for source in sources]
