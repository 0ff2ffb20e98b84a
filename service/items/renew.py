"""Items are looked at again when what makes their vectors has changed, a few at a time."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from service.items.embed import AT_ONCE
from service.items.gathered import has_embeddings
from service.tables import Item

MOST = 1000  # of a kind that wait at once, so that a new item does not wait behind them all
_FAST = {"synchronize_session": False}


def renew(session: Session, looked_by: str, takes: str) -> int:
    """Let items wait that were looked at by something else, in the caller's transaction.

    Posts stay as they are while stored photographs get the embeddings by ``takes``. What somebody
    changes at this moment is left alone: it waits already, or is gone.

    Returns:
        how many there were.
    """
    kinds = list(AT_ONCE) if has_embeddings(session, takes) else ["item"]
    # Each of both by its end of an index.
    return sum(
        _wait(session, kind, other)
        for kind in kinds
        for other in (Item.looked_by < looked_by, Item.looked_by > looked_by)
    )


def available(session: Session) -> int:
    """How many can be recommended."""
    query = select(func.count()).select_from(Item).where(Item.available)
    return session.scalar(query) or 0


def stale(session: Session, looked_by: str) -> int:
    """How many were looked at by something else, or wait. Looks through all of them."""
    other = or_(Item.looked_by != looked_by, Item.state == "pending")
    query = select(func.count()).select_from(Item).where(Item.available, other)
    return session.scalar(query) or 0


def _wait(session: Session, kind: str, other: ColumnElement[bool]) -> int:
    waiting = select(Item.id).where(Item.state == "pending", Item.kind == kind).limit(MOST)
    room = MOST - (session.scalar(select(func.count()).select_from(waiting.subquery())) or 0)
    old = select(Item.id).where(Item.state == "ready", Item.available, Item.kind == kind, other)
    held = old.limit(max(room, 0)).with_for_update(skip_locked=True, key_share=True).cte("held")
    again = update(Item).where(Item.id.in_(select(held.prefix_with("MATERIALIZED").c.id)))
    values = {"state": "pending", "queued_at": func.clock_timestamp(), "attempts": 0}
    found = session.scalars(again.values(values).returning(Item.id), execution_options=_FAST)
    return len(found.all())
