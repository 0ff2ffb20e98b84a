"""A CSV of the service, read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from service.csvfile import unguard


def rows_of(text: str) -> Iterator[Mapping[str, str]]:
    """The rows by column name, without what guards them from being formulas."""
    rows = csv.reader(io.StringIO(text, newline=""))
    head = [unguard(cell) for cell in next(rows, [])]
    for row in rows:
        yield dict(zip(head, map(unguard, row), strict=True))
