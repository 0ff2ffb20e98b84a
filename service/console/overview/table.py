"""The table behind a chart, for the page and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel.speaklater import LazyString

from service import csvfile

Cell = str | int | float | datetime | None


@dataclass(frozen=True)
class Column:
    """One column. ``name`` is its head in a file, which is the same in every language."""

    name: str
    title: str | LazyString


@dataclass(frozen=True)
class Table:
    """Rows with a cell for each column: a text, a whole number, a moment, or a share in 0..1.

    None stands where there is nothing to tell.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    def as_csv(self) -> str:
        """The table as CSV: moments as ISO 8601 in UTC, shares in 0..1."""
        head = [column.name for column in self.columns]
        return csvfile.as_csv(head, ([_plain(cell) for cell in row] for row in self.rows))


def _plain(cell: Cell) -> csvfile.Cell:
    if isinstance(cell, datetime):
        return cell.isoformat()
    return round(cell, 6) if isinstance(cell, float) else cell
