"""Write down that files are to be erased, so that neither a failing store nor a killed process can
leave them behind.

A worker that puts copies for a post which is not decided yet owes their erasure *before* it puts
them, due when its lease is over (``why="unfinished"``), and calls it off in the transaction that
decides the post. If the worker dies, or the post is deleted or superseded meanwhile, nobody calls
it off.
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
    """Owe the erasure of files of the image store, in the caller's transaction.

    Args:
        keys: a file that is not there is erased already.
        wait: on the database's clock, from now.
        deletion_id: the receipt that is complete only when these files are gone.

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
    """The files are in use from this transaction on: nothing that was unfinished is to be erased.

    Returns:
        whether they are all there. False: for one of them the time was over, and its erasure has
        begun, so that the file may be gone; the caller must not refer to any of them.
    """
    unfinished = select(Erasure.id).where(Erasure.key.in_(keys), Erasure.why == "unfinished")
    ids = session.scalars(unfinished.order_by(Erasure.id).with_for_update()).all()
    spared = delete(Erasure).where(Erasure.id.in_(ids), Erasure.attempts == 0)
    kept = session.scalars(spared.returning(Erasure.key)).all()
    return set(kept) >= set(keys)


def hurry(session: Session, keys: Collection[str]) -> None:
    """The files are not needed, and nobody is at them any more: erase them at once."""
    rows = select(Erasure.id).where(Erasure.key.in_(keys)).order_by(Erasure.id).with_for_update()
    ids = session.scalars(rows).all()
    session.execute(
        update(Erasure).where(Erasure.id.in_(ids)).values(next_attempt_at=func.clock_timestamp())
    )
