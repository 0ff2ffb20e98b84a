"""Find the callbacks that are due, and queue a hint for each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from service.outbox.deliver import TOGETHER
from service.outbox.hint import hint_deliveries
from service.outbox.receivers import Circuit, circuit_of
from service.outbox.target import origin
from service.parts import Parts
from service.queue import Queue
from service.tables import Delivery

MOST_QUEUED = 64  # messages in the broker: the rows say what is owed, and a sweep comes soon
HINT_LEASE = timedelta(seconds=30)  # a hint that did nothing for so long is taken for lost


def hint_due(parts: Parts) -> int:
    """Queue the deliveries whose time has come and for which no hint is on its way.

    Of a receiver that is held back, nothing is queued; when it is to be probed, one is.

    Returns:
        how many were queued.
    """
    if not parts.config.callback_url:
        return 0
    room = TOGETHER * (MOST_QUEUED - int(parts.redis.llen(Queue.CALLBACKS)))
    with parts.sessions.begin() as session:
        match circuit_of(session, origin(parts.config.callback_url)):
            case Circuit.HELD:
                room = 0
            case Circuit.PROBE:
                room = min(room, 1)
        ids = _lease_hints(session, room) if room > 0 else []
    hint_deliveries(parts.queue, ids)
    return len(ids)


def _lease_hints(session: Session, most: int) -> Sequence[uuid.UUID]:
    unhinted = or_(Delivery.hinted_at.is_(None), Delivery.hinted_at < func.now() - HINT_LEASE)
    due = (
        select(Delivery.id)
        .where(Delivery.state == "pending", Delivery.next_attempt_at <= func.now(), unhinted)
        .order_by(Delivery.next_attempt_at)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    # Materialised: asked once, so that no more are hinted than there is room for.
    wanted = due.cte("due").prefix_with("MATERIALIZED")
    return session.scalars(
        update(Delivery)
        .where(Delivery.id.in_(select(wanted.c.id)))
        .values(hinted_at=func.now())
        .returning(Delivery.id)
    ).all()
