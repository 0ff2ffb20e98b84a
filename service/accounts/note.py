"""Write changes of an account to the audit log."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.audit import record
from service.tables import Json, User


def note(session: Session, who: str, what: str, user: User, details: Json | None = None) -> None:
    """Record what somebody did to an account, and send both to the database."""
    record(session, who, f"account.{what}", f"user:{user.name}", details or {})
    session.flush()
