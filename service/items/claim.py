"""Which items a worker may look at: a lease in the row, as posts have one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from service.tables import Item

_FREE = and_(
    Item.state == "pending",
    Item.available,
    or_(Item.claimed_until.is_(None), Item.claimed_until <= func.clock_timestamp()),
)


def claim_items(
    session: Session, worker: uuid.UUID, kind: str, most: int, lease: timedelta
) -> list[int]:
    """Claim the items or posts that wait longest. An attempt is counted until it is given back."""
    free = select(Item.id).where(_FREE, Item.kind == kind)
    wanted = free.order_by(Item.queued_at).limit(most)
    locked = wanted.with_for_update(skip_locked=True).cte("wanted").prefix_with("MATERIALIZED")
    claimed = (
        update(Item)
        .where(Item.id.in_(select(locked.c.id)))
        .values(
            claimed_by=worker,
            claimed_until=func.clock_timestamp() + lease,
            attempts=Item.attempts + 1,
        )
        .returning(Item.id)
    )
    return sorted(session.scalars(claimed, execution_options=_FAST))


def hold_mine(session: Session, worker: uuid.UUID, ids: Collection[int]) -> Sequence[Item]:
    """Lock those that are still this worker's: no new body came, and nobody deleted them."""
    query = select(Item).where(Item.id.in_(ids), Item.claimed_by == worker)
    query = query.order_by(Item.id).with_for_update(key_share=True)
    return session.scalars(query, execution_options={"populate_existing": True}).all()


def give_back(session: Session, worker: uuid.UUID, ids: Collection[int], *, counted: bool) -> None:
    """Give items back; the sweep queues them again after a while.

    Args:
        counted: whether the attempt is held against them.
    """
    for item in hold_mine(session, worker, ids):
        item.claimed_by = item.claimed_until = None
        item.queued_at = func.clock_timestamp()
        item.attempts -= 0 if counted else 1


def give_up(session: Session, attempts: int, most: int, looked_by: str) -> None:
    """Let items that failed too often stay without a vector, until something else looks."""
    hopeless = select(Item.id).where(_FREE, Item.attempts >= attempts).limit(most)
    locked = hopeless.with_for_update(skip_locked=True)
    session.execute(
        update(Item)
        .where(Item.id.in_(locked.cte("hopeless").prefix_with("MATERIALIZED").select()))
        .values(state="ready", looked_by=looked_by, claimed_by=None, claimed_until=None),
        execution_options=_FAST,
    )


def is_waiting(session: Session, patience: timedelta) -> bool:
    """Whether an item waits that nobody is at, and was not queued lately."""
    late = Item.queued_at < func.clock_timestamp() - patience
    return session.scalar(select(Item.id).where(_FREE, late).limit(1)) is not None


_FAST = {"synchronize_session": False}
