"""The entries of the audit log: from the database, into lines of JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.tables import AuditEntry, Json

AT_ONCE = 1000  # rows held in memory


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
    """A line is no entry; the text says which line, and what is wrong."""


@contextmanager
def stored(session: Session) -> Iterator[Iterator[ExportedEntry]]:
    """Every entry in the order of the log, a thousand at a time."""
    query = select(AuditEntry).order_by(AuditEntry.position.asc().nulls_last(), AuditEntry.id)
    with session.scalars(query.execution_options(yield_per=AT_ONCE)) as rows:
        yield (ExportedEntry.model_validate(row) for row in rows)


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
        try:
            yield ExportedEntry.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise EntryError(f"Line {number} is no entry: {where} {first['msg']}") from None
