"""Dead letters: callbacks that were given up, to be looked at and sent again."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.tables import Delivery


def list_dead(session: Session, limit: int = 100) -> Sequence[Delivery]:
    """The dead letters, the newest first."""
    query = select(Delivery).where(Delivery.state == "dead").order_by(Delivery.created_at.desc())
    return session.scalars(query.limit(limit)).all()


def resend(session: Session, ids: Collection[uuid.UUID] | None = None) -> int:
    """Make dead letters pending again, with a new day to be tried in and the same delivery id.

    One about whose post something newer was sent meanwhile becomes overtaken instead of sent.
    Rows are locked in the order of their sequence, as by whoever drops requests for thumbnails.

    Args:
        ids: which; None for all of them.

    Returns:
        how many there were.
    """
    dead = select(Delivery.id).where(Delivery.state == "dead")
    if ids is not None:
        dead = dead.where(Delivery.id.in_(ids))
    locked = dead.order_by(Delivery.sequence).with_for_update().cte("dead")
    change = (
        update(Delivery)
        .where(Delivery.id.in_(select(locked.prefix_with("MATERIALIZED").c.id)))
        .values(
            state="pending",
            attempts=0,
            next_attempt_at=func.now(),
            created_at=func.now(),
            hinted_at=None,
        )
        .returning(Delivery.id)
    )
    return len(session.scalars(change).all())
