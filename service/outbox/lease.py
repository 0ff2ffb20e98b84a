"""Take the callbacks that are to be sent now, so that no other worker sends them or newer ones."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from service.config import Config
from service.operations.metrics import CALLBACKS
from service.outbox import receivers
from service.outbox.order import Owed, choose
from service.outbox.subjects import hold_subjects, undone
from service.outbox.target import origin
from service.tables import Delivery, Json

LEASE_FACTOR = 3  # how many time-outs a worker may take before another tries


@dataclass(frozen=True)
class Leased:
    """A callback that is this worker's to send; ``at`` is the database's time."""

    id: uuid.UUID
    body: Json
    at: datetime


def lease(session: Session, ids: Collection[uuid.UUID], config: Config) -> list[Leased]:
    """Lease what is to be sent now about the subjects of some callbacks, in a short transaction.

    Of each subject that may be a newer callback. One at a time goes out about a post, or a request
    for thumbnails. The lease is a time in the row, so a worker that dies leaves a row that is due
    again: at least once, always under the same id.
    Rows that another transaction has locked are left alone, never waited for.

    Returns:
        nothing of a subject of which nothing is due or another is at it, and of none while the
        receiver is held back. What was asked for and stays pending is found by the next sweep.
    """
    if not config.callback_url:
        return []
    hold_subjects(session, ids)
    overtakes: dict[uuid.UUID, Sequence[Owed]] = {}  # by each callback that is to go out
    for subject in undone(session, ids):
        if subject.is_busy:
            continue  # the other's answer decides what is next
        choice = choose(subject.waiting, subject.sent)
        _overtake(session, choice.late)
        if choice.behind and choice.first:
            later = select(Delivery.next_attempt_at).where(Delivery.id == choice.first.id)
            next_at = later.scalar_subquery()
            _change(session, Delivery.id == choice.behind.id, next_attempt_at=next_at)
        if choice.target:
            overtakes[choice.target.id] = choice.overtakes
    leased = _take(session, overtakes, config) if overtakes else []
    _overtake(session, [owed for one in leased for owed in overtakes[one.id]])
    rest = set(ids) - {one.id for one in leased}
    if rest:
        _change(session, Delivery.id.in_(rest), hinted_at=None)
    return leased


def _take(session: Session, ids: Collection[uuid.UUID], config: Config) -> list[Leased]:
    free = select(Delivery.id).where(Delivery.id.in_(ids), Delivery.state == "pending")
    free = free.order_by(Delivery.sequence).with_for_update(skip_locked=True)
    held = session.scalars(free).all()
    length = timedelta(seconds=LEASE_FACTOR * config.callback_seconds)
    admitted = receivers.admit(session, origin(config.callback_url), length, len(held))
    if not admitted:
        return []
    until = func.now() + length
    taken = (
        update(Delivery)
        .where(Delivery.id.in_(held[:admitted]))
        .values(
            attempts=Delivery.attempts + 1,
            leased_until=until,
            next_attempt_at=until,
            hinted_at=None,
        )
        .returning(Delivery.id, Delivery.body, func.now())
        .execution_options(synchronize_session=False)
    )
    return [Leased(*row) for row in session.execute(taken)]


def _overtake(session: Session, owed: Sequence[Owed]) -> None:
    if owed:
        _change(session, Delivery.id.in_([one.id for one in owed]), state="overtaken")
        CALLBACKS.labels("overtaken").inc(len(owed))


def _change(session: Session, which: ColumnElement[bool], **values: object) -> None:
    free = (
        select(Delivery.id)
        .where(which, Delivery.state == "pending")
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(free.scalar_subquery()))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
