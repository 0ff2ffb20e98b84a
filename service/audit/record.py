"""Add an entry to the audit log."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from service.audit.chain import LARGEST, digest
from service.tables import AuditEntry, Json


def record(session: Session, actor: str, action: str, subject: str, details: Json) -> AuditEntry:
    """Add an entry in the transaction of the change that it tells of, so both hold or neither.

    Text that PostgreSQL cannot store is replaced by what it can, because much of a refused request
    was chosen by a stranger.
    """
    at, plain = datetime.now(UTC), _plain(details)
    actor, action, subject = _text(actor), _text(action), _text(subject)
    entry = AuditEntry(
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        details=plain,
        digest=digest(at, actor, action, subject, plain),
    )
    session.add(entry)
    return entry


def _plain(value: Any) -> Any:
    """A value that JSON carries exactly: numbers too large for it, and NaN, become text."""
    if isinstance(value, dict):
        return {_text(str(name)): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float) and not (math.isfinite(value) and abs(value) <= LARGEST):
        return str(value)
    return value


def _text(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
