"""The rows of a CSV table that somebody wrote, by the names of its columns."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from training.errors import TrainingError


def read_rows(table: Path, needed: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row with its line's number, blanks around its cells taken off; a missing cell is empty.

    Lines are counted, not rows, because a row may have several; empty ones are passed over. Raises
    TrainingError where the table cannot be read, a needed column is missing, a column is there
    twice, or a row has more cells than there are columns: what then belongs where is a guess.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="")
            columns = Counter(reader.fieldnames or ())
            missing = [name for name in needed if name not in columns]
            if missing:
                raise TrainingError(f"{table} lacks the column {' and '.join(missing)}.")
            twice = sorted(name for name, count in columns.items() if name and count > 1)
            if twice:
                raise TrainingError(f"{table} has the column {' and '.join(twice)} twice.")
            for row in reader:
                spare = row.pop("", None)
                if isinstance(spare, list) and any(spare):
                    raise TrainingError(
                        f"{table}, line {reader.line_num}: there are more cells than columns: put "
                        "what holds a comma into quotation marks."
                    )
                yield reader.line_num, {name: (cell or "").strip() for name, cell in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"{table} cannot be read: {error}.") from error
