"""Record how an attempt to deliver a callback went."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from service.config import Config
from service.operations.metrics import CALLBACKS
from service.outbox import receivers
from service.outbox.schedule import wait
from service.outbox.send import Outcome
from service.outbox.target import origin
from service.tables import Delivery


def record(
    session: Session, delivery_id: uuid.UUID, outcome: Outcome, config: Config
) -> str | None:
    """Write an outcome into its row and, last, what it says of the receiver.

    Returns:
        the state of the row now, or None where it was deleted with its post.
    """
    row = session.get(Delivery, delivery_id, with_for_update=True, options=[defer(Delivery.body)])
    if row is not None:
        with session.no_autoflush:  # one statement for all of it
            row.leased_until = None
            if row.state == "pending":  # else it was withdrawn, or another sent it after our lease
                _write(session, row, outcome, config.callback_hours)
        session.flush()
    receivers.note(session, origin(config.callback_url), answered=outcome.answered)
    return row.state if row is not None else None


def _write(session: Session, row: Delivery, outcome: Outcome, hours: float) -> None:
    now, oldest = session.execute(select(func.now(), func.now() - timedelta(hours=hours))).one()
    row.last_error = outcome.error
    if outcome.delivered:
        row.state, row.delivered_at = "delivered", now
    elif outcome.gone or row.created_at < oldest:
        row.state = "dead"
    else:
        row.next_attempt_at = now + wait(row.attempts, outcome.retry_seconds)
    CALLBACKS.labels("failed" if row.state == "pending" else row.state).inc()
