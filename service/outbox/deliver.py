"""Deliver callbacks of the outbox, or plan their next attempts."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait

import structlog

from service.outbox.lease import Leased, lease
from service.outbox.record import record
from service.outbox.send import Outcome, send
from service.parts import Parts

AT_ONCE = 4  # callbacks that one process sends side by side
TOGETHER = 2 * AT_ONCE  # callbacks of one call: the leases must outlive all of their time-outs
SOON_SECONDS = 0.5


def deliver(parts: Parts, *ids: uuid.UUID) -> None:
    """Try what is due about the subjects of some callbacks, where nobody else is at it.

    No transaction is open while the platform answers. What is answered soon is written down
    together, and the rest as it comes. A worker that dies before an answer was written down leaves
    a row that is due again when its lease is over.

    Args:
        ids: ``TOGETHER`` at most.
    """
    with parts.sessions.begin() as session:
        leased = lease(session, ids, parts.config)
    if not leased:
        return
    with ThreadPoolExecutor(min(AT_ONCE, len(leased)), thread_name_prefix="callbacks") as pool:
        sent = {pool.submit(_send, parts, one): one.id for one in leased}
        soon, late = wait(sent, timeout=SOON_SECONDS)
        _record(parts, sent, soon)
        for one in as_completed(late):
            _record(parts, sent, [one])
    for one in sent:
        one.result()  # raises what went wrong with one, when all others are written down


def _send(parts: Parts, leased: Leased) -> Outcome:
    return send(parts.platform, parts.config, str(leased.id), leased.body, leased.at)


def _record(
    parts: Parts, sent: dict[Future[Outcome], uuid.UUID], ended: Collection[Future[Outcome]]
) -> None:
    outcomes = {sent[one]: one.result() for one in ended if one.exception() is None}
    if not outcomes:
        return
    with parts.sessions.begin() as session:
        states = record(session, outcomes, parts.config)
    for delivery_id, outcome in outcomes.items():
        structlog.get_logger().info(
            "callback",
            delivery=str(delivery_id),
            state=states.get(delivery_id),
            error=outcome.error,
        )
