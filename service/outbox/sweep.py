"""Find the callbacks that are due."""

from __future__ import annotations

from sqlalchemy import func, select

from service.parts import Parts
from service.queue import DELIVER, hint
from service.tables import Delivery

MOST = 500


def hint_due(parts: Parts) -> int:
    """Queue every delivery whose time has come.

    Returns:
        how many were queued.
    """
    if not parts.config.callback_url:
        return 0
    due = (
        select(Delivery.id)
        .where(Delivery.state == "pending", Delivery.next_attempt_at <= func.now())
        .order_by(Delivery.next_attempt_at)
        .limit(MOST)
    )
    with parts.sessions() as session:
        ids = session.scalars(due).all()
    for delivery_id in ids:
        hint(parts.queue, DELIVER, str(delivery_id))
    return len(ids)
