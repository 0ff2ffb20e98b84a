"""Tables that list photographs: CSV, or JSON lines.

Fields: ``file`` (beside the table), ``labels``, and, if known, ``not`` (labels it certainly does
not show), ``unknown`` (labels that nothing is known of), ``source`` and ``licence``. Several labels
have ``|`` between them in CSV and are a list in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from training.data.names import composed, file_in
from training.data.photo import Photo
from training.data.rows import read_rows
from training.errors import TrainingError

NEEDED = ("file", "labels")
LISTS = ("labels", "not", "unknown")


def read_table(table: Path) -> list[Photo]:
    """The photographs a table names. Raises TrainingError with the line that is wrong."""
    is_json = table.suffix.lower() in {".jsonl", ".ndjson"}
    rows = _json_rows(table) if is_json else read_rows(table, NEEDED)
    try:
        return [_photo(table, number, row) for number, row in rows]
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"{table} cannot be read: {error}.") from error


def _json_rows(table: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    with table.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise TrainingError(f"{table}, line {number}: no JSON ({error}).") from error
            if not isinstance(row, dict) or not set(NEEDED) <= set(row):
                raise TrainingError(
                    f'{table}, line {number}: an object with "file" and "labels" is needed.'
                )
            wrong = [name for name in LISTS if not _is_names(row.get(name))]
            if wrong:
                raise TrainingError(f"{table}, line {number}: {wrong[0]} is no list of names.")
            try:
                json.dumps(row, ensure_ascii=False).encode()
            except UnicodeEncodeError as error:
                raise TrainingError(
                    f"{table}, line {number}: it holds half a letter (a surrogate)."
                ) from error
            yield number, row


def _photo(table: Path, number: int, row: Mapping[str, object]) -> Photo:
    name = str(row["file"] or "").strip()
    if not name:
        raise TrainingError(f"{table}, line {number}: no file is named.")
    labels, absent, unknown = (_names(row.get(field)) for field in LISTS)
    both = labels & (absent | unknown)
    if both:
        raise TrainingError(
            f"{table}, line {number}: {', '.join(sorted(both))} is said to be shown and not to be."
        )
    source, licence = (str(row.get(field) or "").strip() or None for field in ("source", "licence"))
    return Photo(file_in(table.parent, name), labels, source, licence, absent, unknown, name)


def _is_names(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(name, str) for name in value)
    return value is None or isinstance(value, str)


def _names(value: object) -> frozenset[str]:
    found = value if isinstance(value, list) else str(value or "").split("|")
    return frozenset(name for name in (composed(str(one).strip()) for one in found) if name)
