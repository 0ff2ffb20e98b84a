"""An analyst's permission for copies of a category to settle themselves."""

from __future__ import annotations

import math

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.audit import record
from service.tables import CopyRule

LEAST, MOST = 0.01, 1.0
USUAL = 0.1


class CopiesError(Exception):
    """The share of copies that is checked is not between ``LEAST`` and ``MOST``."""


def allow(session: Session, category: str, checked: float, who: str) -> None:
    """Let the copies of a category settle themselves, for every post from now on.

    Args:
        checked: the share of them that goes to a person all the same.

    Raises:
        CopiesError: the share is out of bounds.
    """
    if not math.isfinite(checked) or not LEAST <= checked <= MOST:
        raise CopiesError(checked)
    row = insert(CopyRule).values(category=category, checked=checked, who=who)
    again = {"checked": checked, "who": who, "at": row.excluded.at}
    session.execute(row.on_conflict_do_update(index_elements=["category"], set_=again))
    record(session, who, "copies.allowed", f"category:{category}", {"checked": checked})


def forbid(session: Session, category: str, who: str) -> bool:
    """Send each copy of a category to a person again.

    Returns:
        whether they had settled themselves.
    """
    gone = delete(CopyRule).where(CopyRule.category == category).returning(CopyRule.category)
    was = session.scalar(gone) is not None
    if was:
        record(session, who, "copies.forbidden", f"category:{category}", {})
    return was
