"""The entries of the audit log: from the database, into lines of JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import DateTime, Row, Select, and_, case, literal, select
from sqlalchemy.orm import Session

from service.tables import AuditEntry, Json

AT_ONCE = 1000  # rows held in memory
Given = TypeVar("Given")
_DATES = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


class ExportedEntry(BaseModel):
    """An entry as it is exported: what it says, and what binds it to the one before."""

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="forbid")

    position: int | None
    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Json
    digest: str
    hash: str | None


class EntryError(Exception):
    """A line or a row is no entry; the text says which, and what is wrong."""


@contextmanager
def stored(session: Session) -> Iterator[Iterator[ExportedEntry]]:
    """Every entry in the order of the log, a thousand at a time.

    Reading it raises EntryError at the first row that no entry was ever written as.
    """
    query = rows().order_by(AuditEntry.position.asc().nulls_last(), AuditEntry.id)
    with session.execute(query.execution_options(yield_per=AT_ONCE)) as found:
        yield (
            _read(ExportedEntry.model_validate, row, f"Entry {row.position or row.id}")
            for row in found
        )


def rows() -> Select[*tuple[Any, ...]]:
    """Everything that an entry says. A time that Python cannot have ("infinity") is None: it would
    be an error of the driver that names no row."""
    at = AuditEntry.at
    told = case((and_(at > _DATES[0], at < _DATES[1]), at), else_=literal(None, DateTime()))
    others = (getattr(AuditEntry, name) for name in ExportedEntry.model_fields if name != "at")
    return select(told.label("at"), *others)


def is_entry(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a row of ``rows`` can be read as an entry."""
    try:
        ExportedEntry.model_validate(row)
    except ValidationError:
        return False
    return True


def lines(entries: Iterable[ExportedEntry]) -> Iterator[str]:
    """Each entry as a line of JSON, without the line's end."""
    for entry in entries:
        yield json.dumps(entry.model_dump(mode="json"), ensure_ascii=False)


def read(exported: Iterable[str]) -> Iterator[ExportedEntry]:
    """The entries of lines that ``lines`` made.

    Raises:
        EntryError: a line is no entry.
    """
    for number, line in enumerate(exported, 1):
        yield _read(ExportedEntry.model_validate_json, line, f"Line {number}")


def _read(how: Callable[[Given], ExportedEntry], given: Given, name: str) -> ExportedEntry:
    try:
        return how(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise EntryError(f"{name} is no entry: {where} {first['msg']}") from None
