"""CSV files that are safe to open in a spreadsheet and that are read back unchanged.

Spreadsheets take a cell that begins with ``=``, ``+``, ``-`` or ``@`` (also after a tab, a carriage
return or a line feed, and in their full-width forms) for a formula. Such a cell is written with an
apostrophe before it, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection). A
text that begins with apostrophes and then such a character gets one more, so that taking one off
gives each text back. Numbers are written as they are: a negative one is no formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO

Cell = str | int | float | None

_GUARDED = re.compile("'*[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]")


def guard(text: str) -> str:
    """The text, changed so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(text: str) -> str:
    """The text that ``guard`` was given."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


class Writer:
    """Writes rows to a file; each text is guarded."""

    def __init__(self, file: IO[str]) -> None:
        # Its line end is that of RFC 4180: with another, a carriage return in a cell is not quoted.
        self._rows = csv.writer(file)

    def row(self, cells: Iterable[Cell]) -> None:
        """Write one row; None is an empty cell."""
        self._rows.writerow(guard(cell) if isinstance(cell, str) else cell for cell in cells)


def as_csv(head: Sequence[str], rows: Iterable[Iterable[Cell]]) -> str:
    """A header and rows as CSV."""
    out = io.StringIO()
    writer = Writer(out)
    writer.row(head)
    for row in rows:
        writer.row(row)
    return out.getvalue()
