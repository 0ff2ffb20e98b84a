"""Which bundles, ruleset and lexicon are live, for all processes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.tables import Live


class Kind(StrEnum):
    """What can be replaced while the service runs."""

    BUNDLE = "bundle"
    RULESET = "ruleset"
    LEXICON = "lexicon"
    ITEMS = "items"


@dataclass(frozen=True)
class Versions:
    """The live version of each kind; None: what the settings name."""

    bundle: str | None = None
    ruleset: str | None = None
    lexicon: str | None = None


def live_versions(session: Session) -> Versions:
    """The live versions, by one small query."""
    rows = session.scalars(select(Live).where(Live.kind != Kind.ITEMS))
    return Versions(**{row.kind: row.version for row in rows})


def live_version(session: Session, kind: Kind) -> str | None:
    """The live version of one kind; None: what the settings name."""
    return session.scalar(select(Live.version).where(Live.kind == kind))


def make_live(session: Session, kind: Kind, version: str | None) -> None:
    """Make a version live: every process uses it from its next request or batch on.

    It takes effect with the caller's transaction. None goes back to what the settings name.
    """
    if version is None:
        session.execute(delete(Live).where(Live.kind == kind))
        return
    row = insert(Live).values(kind=kind, version=version)
    changed = {"version": row.excluded.version, "since": func.now()}
    session.execute(row.on_conflict_do_update(index_elements=[Live.kind], set_=changed))
