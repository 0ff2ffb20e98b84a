"""Deliver one callback of the outbox, or plan its next attempt."""

from __future__ import annotations

import uuid

import structlog

from service.outbox.lease import lease
from service.outbox.record import record
from service.outbox.send import send
from service.parts import Parts


def deliver(parts: Parts, delivery_id: uuid.UUID) -> None:
    """Try what is due about the subject of one delivery, if nobody else is at it.

    No transaction is open while the platform answers. A worker that dies before the answer was
    written down leaves a row that is due again when its lease is over.
    """
    with parts.sessions.begin() as session:
        leased = lease(session, delivery_id, parts.config)
    if leased is None:
        return
    outcome = send(parts.platform, parts.config, str(leased.id), leased.body, leased.at)
    with parts.sessions.begin() as session:
        state = record(session, leased.id, outcome, parts.config)
    structlog.get_logger().info(
        "callback", delivery=str(leased.id), state=state, error=outcome.error
    )
