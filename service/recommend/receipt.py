"""The receipt of a person's deletion, read from the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit import record
from service.authors.notes import subject
from service.recommend.forget import GoneViewer
from service.tables import AuditEntry

ACTION = "viewer.deleted"


@dataclass(frozen=True)
class ViewerReceipt:
    """When a person was deleted last, and what went."""

    deleted_at: datetime
    erased: GoneViewer


def record_receipt(session: Session, actor: str, external_id: str, gone: GoneViewer) -> None:
    """Write a deletion to the log. The log is never erased, so it has a hash of the id."""
    record(session, actor, ACTION, subject(external_id), vars(gone))


def receipt_of(session: Session, external_id: str) -> ViewerReceipt | None:
    """The receipt of the last deletion of a person; None: no one of this id was deleted."""
    query = select(AuditEntry.at, AuditEntry.details).where(
        AuditEntry.action == ACTION, AuditEntry.subject == subject(external_id)
    )
    found = session.execute(query.order_by(AuditEntry.position.desc()).limit(1)).one_or_none()
    if found is None:
        return None
    return ViewerReceipt(found.at, GoneViewer(**found.details))
