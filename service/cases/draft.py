"""Answers that came too late, kept for whoever gave them."""

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
    """Keep answers to a case and why they were given, in place of what this person gave before."""
    why = {"reason": reason, "note": note}
    values = {"answers": dict(answers), **why, "saved_at": func.now()}
    row = insert(Draft).values(case_id=case.id, user_id=user.id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["case_id", "user_id"], set_=values))


def kept(session: Session, case_id: int, user_id: int) -> Draft | None:
    """What a person began to answer, if anything."""
    return session.get(Draft, (case_id, user_id))
