"""Record that files must be erased, so that neither a failing store nor a killed process leaves
them behind.

A worker that stores copies for a post that is not decided yet records their erasure *before* it
stores them, due when its task must be over (``why="unfinished"``), and cancels it in the
transaction that decides the post. If the worker dies, or the post is deleted or superseded, the
erasure stays due.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from service.tables import Erasure

Why = Literal["deleted", "superseded", "unfinished"]
AT_ONCE = timedelta(0)


def owe_erasure(
    session: Session,
    keys: Collection[str],
    why: Why,
    *,
    wait: timedelta = AT_ONCE,
    deletion_id: int | None = None,
) -> list[int]:
    """Record the erasure of files of the image store, in the caller's transaction.

    Args:
        keys: a file that is not there is erased already.
        wait: on the database's clock, from now.
        deletion_id: the deletion whose receipt is complete only when these files are gone.

    Returns:
        the rows' ids, for ``erase`` after the commit; the sweep finds them, too.
    """
    if not keys:
        return []
    due = func.clock_timestamp() + wait
    rows = [
        {"key": key, "why": why, "deletion_id": deletion_id, "next_attempt_at": due} for key in keys
    ]
    return list(session.scalars(insert(Erasure).values(rows).returning(Erasure.id)))


def call_off(session: Session, keys: Collection[str]) -> bool:
    """Cancel the erasure of unfinished files, which are in use from this transaction on.

    Returns:
        whether all are there. False if the time of one was over: its erasure has begun and the file
        may be gone, so the caller must not refer to any of them.
    """
    unfinished = select(Erasure.id).where(Erasure.key.in_(keys), Erasure.why == "unfinished")
    ids = session.scalars(unfinished.order_by(Erasure.id).with_for_update()).all()
    spared = delete(Erasure).where(Erasure.id.in_(ids), Erasure.attempts == 0)
    kept = session.scalars(spared.returning(Erasure.key)).all()
    return set(kept) >= set(keys)


def hurry(session: Session, keys: Collection[str]) -> None:
    """Make erasures due at once, for files that nothing uses any more."""
    rows = select(Erasure.id).where(Erasure.key.in_(keys)).order_by(Erasure.id).with_for_update()
    ids = session.scalars(rows).all()
    session.execute(
        update(Erasure).where(Erasure.id.in_(ids)).values(next_attempt_at=func.clock_timestamp())
    )
