"""The audit log: who changed what, and when. Rows are only ever added."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.tables import AuditEntry, Json


def record(session: Session, actor: str, action: str, subject: str, details: Json) -> AuditEntry:
    """Add an entry in the transaction of the change that it tells of, so both hold or neither."""
    entry = AuditEntry(actor=actor, action=action, subject=subject, details=details)
    session.add(entry)
    return entry
