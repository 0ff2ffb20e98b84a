"""Read and add up the counts that triggers write (``service/tables/counts.py``)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from service.locks import Lock, try_lock
from service.parts import Parts
from service.tables import Tally

_FOLD = text(
    "WITH gone AS (DELETE FROM tallies RETURNING name, key, n)"
    " INSERT INTO tallies (name, key, n)"
    " SELECT name, key, sum(n) FROM gone GROUP BY name, key HAVING sum(n) <> 0"
)


def tally(session: Session, name: str) -> Mapping[str, int]:
    """The counts of one name by key; keys with 0 are left out."""
    total = func.sum(Tally.n)
    query = select(Tally.key, total).where(Tally.name == name).group_by(Tally.key)
    return {key: int(n) for key, n in session.execute(query.having(total != 0))}


def add_up(parts: Parts) -> None:
    """Add up every count; called by the sweep."""
    with parts.sessions.begin() as session:
        fold(session)


def fold(session: Session) -> bool:
    """Replace each count's rows by their sum, in the caller's transaction.

    Only rows that are committed are taken, and no writer ever changes one, so nobody waits.

    Returns:
        False where another process is at it.
    """
    if not try_lock(session, Lock.TALLIES):
        return False
    session.execute(_FOLD)
    return True
