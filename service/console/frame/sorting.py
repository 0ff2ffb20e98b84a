"""Tables that a page shows whole, sorted by the column that the address names.

Lists that go on for pages are not sorted here: the database gives their orders, each from an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import request, url_for

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column that a table can be sorted by.

    ``value`` gives a row's value; None (nothing known) always comes last. ``descending`` is the
    direction of the first click: figures begin with the greatest, texts with the first letter.
    """

    value: Callable[[Row], Any]
    descending: bool = True


@dataclass(frozen=True)
class Sorting(Generic[Row]):
    """The order of one table of a page: ``column`` names a column, or ``-column`` for descending.

    ``parameter`` is its name in the address, ``place`` the id that links to the table lead to.
    """

    endpoint: str
    columns: Mapping[str, Column[Row]]
    usual: str
    parameter: str = "sort"
    place: str | None = None

    @property
    def asked(self) -> str:
        """The order that the address asks for; the usual one where it names no column."""
        asked = request.args.get(self.parameter, "")
        return asked if asked.removeprefix("-") in self.columns else self.usual

    def rows(self, rows: Iterable[Row]) -> list[Row]:
        """The rows in the order that is asked for; equal ones stay as they were."""
        value = self.columns[self.asked.removeprefix("-")].value
        known: list[Row] = []
        unknown: list[Row] = []
        for row in rows:  # which may be a generator
            (unknown if value(row) is None else known).append(row)
        return sorted(known, key=value, reverse=self.asked.startswith("-")) + unknown

    def direction(self, column: str) -> str | None:
        """``ascending`` or ``descending`` if the table is sorted by a column, as ARIA says it."""
        if self.asked.removeprefix("-") != column:
            return None
        return "descending" if self.asked.startswith("-") else "ascending"

    def address(self, column: str) -> str:
        """The page sorted by a column; the other way round if it is sorted by it already."""
        begins = "-" if self.columns[column].descending else ""
        if self.asked == begins + column:
            begins = "" if begins else "-"
        query = urlencode({**request.args.to_dict(), self.parameter: begins + column})
        return f"{url_for(self.endpoint)}?{query}" + (f"#{self.place}" if self.place else "")
