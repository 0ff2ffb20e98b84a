"""From an outbox row to a delivered callback, or to the next attempt."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from service.operations.metrics import CALLBACKS
from service.outbox.schedule import wait
from service.outbox.send import Outcome, send
from service.parts import Parts
from service.tables import Delivery

LEASE_FACTOR = 3  # how many time-outs a worker may take before another tries


def deliver(parts: Parts, delivery_id: uuid.UUID) -> None:
    """Try one delivery, if it is due and nobody else is at it.

    The row is leased by moving its next attempt into the future, in a transaction of its own, so
    none is open while the platform answers. A worker that dies in between leaves a row that is due
    again when the lease is over: at least once, always under the same id.
    """
    content = _lease(parts, delivery_id)
    if content is None:
        return
    outcome = send(parts.config, str(delivery_id), content)
    with parts.sessions.begin() as session:
        row = session.get(Delivery, delivery_id, with_for_update=True)
        if row is None or row.state != "pending":  # deleted with its post, or sent by another
            return
        _record(row, outcome, parts.config.callback_hours)
        CALLBACKS.labels(row.state if outcome.delivered or row.state == "dead" else "failed").inc()
        structlog.get_logger().info(
            "callback", delivery=str(row.id), state=row.state, error=outcome.error
        )


def _lease(parts: Parts, delivery_id: uuid.UUID) -> dict[str, Any] | None:
    now = datetime.now(UTC)
    with parts.sessions.begin() as session:
        row = session.scalar(
            select(Delivery)
            .where(
                Delivery.id == delivery_id,
                Delivery.state == "pending",
                Delivery.next_attempt_at <= now,
            )
            .with_for_update(skip_locked=True)
        )
        if row is None or not parts.config.callback_url:
            return None
        row.attempts += 1
        row.next_attempt_at = now + timedelta(seconds=LEASE_FACTOR * parts.config.callback_seconds)
        return row.body


def _record(row: Delivery, outcome: Outcome, hours: float) -> None:
    now = datetime.now(UTC)
    row.last_error = outcome.error
    if outcome.delivered:
        row.state, row.delivered_at = "delivered", now
    elif outcome.gone or now - row.created_at > timedelta(hours=hours):
        row.state = "dead"
    else:
        row.next_attempt_at = now + wait(row.attempts, outcome.retry_seconds)
