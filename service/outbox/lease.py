"""Take the callback that is to be sent now, so that no other worker sends it or a newer one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from service.config import Config
from service.locks import Lock, lock
from service.operations.metrics import CALLBACKS
from service.outbox import receivers
from service.outbox.order import Owed, choose
from service.outbox.target import origin
from service.tables import Delivery, Json, Post

LEASE_FACTOR = 3  # how many time-outs a worker may take before another tries


@dataclass(frozen=True)
class Leased:
    """A callback that is this worker's to send; ``at`` is the database's time."""

    id: uuid.UUID
    body: Json
    at: datetime


def lease(session: Session, delivery_id: uuid.UUID, config: Config) -> Leased | None:
    """Lease what is to be sent now about the subject of ``delivery_id``, in a short transaction.

    That may be a newer callback. One at a time goes out about a post, or a request for
    thumbnails. The lease is a time in the row, so a worker that dies leaves a row that is due
    again: at least once, always under the same id.
    Rows that another transaction has locked are left alone, never waited for.

    Returns:
        None where nothing is due, another is at it, or the receiver is held back.
    """
    subject = _subject(session, delivery_id)
    if subject is None or not config.callback_url:
        return None
    lock(session, Lock.CALLBACKS, subject.name)
    about = subject.about
    open_rows = _open(session, about)
    if any(row.leased for row in open_rows):
        # The sweep asks again: the other's answer decides what is next.
        _change(session, about, hinted_at=None)
        return None
    waiting = [row.owed for row in open_rows]
    choice = choose(waiting, open_rows[0].sent if open_rows else 0)
    _overtake(session, choice.late)
    if choice.behind and choice.first:
        later = select(Delivery.next_attempt_at).where(Delivery.id == choice.first.id)
        _change(
            session,
            Delivery.id == choice.behind.id,
            next_attempt_at=later.scalar_subquery(),
            hinted_at=None,
        )
    leased = _take(session, choice.target, config) if choice.target else None
    if leased:
        _overtake(session, choice.overtakes)
    return leased


@dataclass(frozen=True)
class _Subject:
    """What a callback is about: its name among locks, and which callbacks are about it, too."""

    name: str
    about: ColumnElement[bool]


def _subject(session: Session, delivery_id: uuid.UUID) -> _Subject | None:
    query = select(Delivery.thumbnails_key, Post.external_id).outerjoin(Post)
    row = session.execute(query.where(Delivery.id == delivery_id)).first()
    if row is None:
        return None
    if row.thumbnails_key is not None:
        about = Delivery.thumbnails_key == row.thumbnails_key
        return _Subject(f"thumbnails {row.thumbnails_key}", about)
    revisions = select(Post.id).where(Post.external_id == row.external_id)
    return _Subject(row.external_id, Delivery.post_id.in_(revisions))


class _Open(NamedTuple):
    """A callback that waits, or that somebody sends (``leased``). ``sent`` is the greatest sequence
    of those about its subject that were tried before, 0 for none."""

    owed: Owed
    leased: bool | None
    sent: int


def _open(session: Session, about: ColumnElement[bool]) -> list[_Open]:
    """The callbacks about a subject that are not done with, by their sequence. One that was
    withdrawn while it was being sent is among them until it has its answer."""
    due, leased = Delivery.next_attempt_at <= func.now(), Delivery.leased_until > func.now()
    tried = select(func.coalesce(func.max(Delivery.sequence), 0)).where(
        about, Delivery.attempts > 0
    )
    query = select(
        *(Delivery.id, Delivery.sequence, Delivery.type, due, leased, tried.scalar_subquery())
    )
    rows = session.execute(
        query.where(about, or_(Delivery.state == "pending", leased)).order_by(Delivery.sequence)
    )
    return [_Open(Owed(*row[:4]), *row[4:]) for row in rows]


def _take(session: Session, target: Owed, config: Config) -> Leased | None:
    found = session.execute(
        select(Delivery, func.now())
        .where(Delivery.id == target.id, Delivery.state == "pending")
        .with_for_update(skip_locked=True)
    ).first()
    length = timedelta(seconds=LEASE_FACTOR * config.callback_seconds)
    if found is None or not receivers.admit(session, origin(config.callback_url), length):
        return None
    row, at = found
    row.attempts += 1
    row.leased_until = row.next_attempt_at = at + length
    row.hinted_at = None
    return Leased(row.id, row.body, at)


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
