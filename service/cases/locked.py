"""Lock cases, always in the same order (``service/locks.py``)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from service.tables import Case


def hold_cases(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Case]:
    """Lock the cases for which all conditions hold, by post and id, and read them anew."""
    query = select(Case).where(*conditions).order_by(Case.post_id, Case.id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).all()
