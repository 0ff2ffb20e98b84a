"""Drafts: answers that came too late, kept for the person who gave them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.tables import Case, Draft, User


def save_draft(
    session: Session,
    case: Case,
    user: User,
    answers: Mapping[str, str],
    reason: str | None,
    note: str | None,
) -> None:
    """Save a person's answers to a case and their reason, replacing an earlier draft."""
    why = {"reason": reason, "note": note}
    values = {"answers": dict(answers), **why, "saved_at": func.now()}
    row = insert(Draft).values(case_id=case.id, user_id=user.id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["case_id", "user_id"], set_=values))


def kept(session: Session, case_id: int, user_id: int) -> Draft | None:
    """A person's draft for a case, if there is one."""
    return session.get(Draft, (case_id, user_id))
