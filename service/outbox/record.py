"""Record how attempts to deliver callbacks went."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

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
    session: Session, outcomes: Mapping[uuid.UUID, Outcome], config: Config
) -> dict[uuid.UUID, str]:
    """Write outcomes into their rows and, last, what they say of the receiver.

    Returns:
        the state of each row now; none of one that was deleted with its post.
    """
    query = select(Delivery, func.now()).where(Delivery.id.in_(outcomes))
    query = query.order_by(Delivery.sequence).with_for_update().options(defer(Delivery.body))
    states = {}
    for row, now in session.execute(query):
        row.leased_until = None
        if row.state == "pending":  # else it was withdrawn, or another sent it after our lease
            _write(row, outcomes[row.id], now, timedelta(hours=config.callback_hours))
        states[row.id] = row.state
    session.flush()
    answered = any(outcome.answered for outcome in outcomes.values())
    there = origin(config.callback_url)
    receivers.note(session, there, answered=answered, failures=len(outcomes))
    return states


def _write(row: Delivery, outcome: Outcome, now: datetime, longest: timedelta) -> None:
    row.last_error = outcome.error
    if outcome.delivered:
        row.state, row.delivered_at = "delivered", now
    elif outcome.gone or row.created_at < now - longest:
        row.state = "dead"
    else:
        row.next_attempt_at = now + wait(row.attempts, outcome.retry_seconds)
    CALLBACKS.labels("failed" if row.state == "pending" else row.state).inc()
