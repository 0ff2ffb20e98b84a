"""Search the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from service.audit.chain import NOTHING
from service.audit.entries import is_entry, rows
from service.tables import AuditEntry


@dataclass(frozen=True)
class Sought:
    """The prefixes of actor, action and subject to search for; empty: any."""

    actor: str = ""
    action: str = ""
    subject: str = ""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The fields, which are columns of the log, too."""
        return tuple(field.name for field in fields(cls))


@dataclass(frozen=True)
class FoundEntry:
    """What a row of the log says. ``is_entry`` is false where no entry was ever written so: then
    it may have no ``position``, no ``at`` that a clock shows, and any JSON as ``details``."""

    id: int
    position: int | None
    at: datetime | None
    actor: str
    action: str
    subject: str
    details: Any
    is_entry: bool


@dataclass(frozen=True)
class EntryPage:
    """Some entries; those that follow come after the position ``cursor``, None at the end."""

    entries: Sequence[FoundEntry]
    cursor: int | None


@dataclass(frozen=True)
class Head:
    """The newest entry's position and hash; 0 and 64 zeros where there is none."""

    position: int
    hash: str


def find_entries(
    session: Session, sought: Sought, after: int | None, size: int, order: str = "newest"
) -> EntryPage:
    """The first entries of what is sought, of those that follow a position in an order."""
    position, forwards = AuditEntry.position, order == "oldest"
    query = rows().order_by(position if forwards else position.desc()).limit(size + 1)
    for name in Sought.names():
        if beginning := getattr(sought, name):
            query = query.where(getattr(AuditEntry, name).startswith(beginning, autoescape=True))
    if after is not None:
        query = query.where(position > after if forwards else position < after)
    found = session.execute(query).all()
    entries = [_found(row) for row in found[:size]]
    return EntryPage(entries, entries[-1].position if len(found) > size else None)


def _found(row: Row[*tuple[Any, ...]]) -> FoundEntry:
    told = {field.name: getattr(row, field.name) for field in fields(FoundEntry)[:-1]}
    return FoundEntry(**told, is_entry=row.position is not None and is_entry(row))


def head(session: Session) -> Head:
    """The end of the log. Noted elsewhere, it lets `audit verify --head` detect a truncated log."""
    query = select(AuditEntry.position, AuditEntry.hash).where(AuditEntry.position.is_not(None))
    found = session.execute(query.order_by(AuditEntry.position.desc()).limit(1)).one_or_none()
    return Head(found.position, found.hash) if found else Head(0, NOTHING)
