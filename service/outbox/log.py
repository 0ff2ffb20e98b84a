"""The callbacks as somebody looks through them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.outbox.receivers import PATIENCE
from service.tables import Delivery, Post, Receiver, ThumbnailJob

STATES = ("pending", "dead", "delivered", "overtaken", "withdrawn")
COLUMNS: tuple[Any, ...] = (
    Delivery.id,
    Delivery.sequence,
    Delivery.type,
    Delivery.state,
    Delivery.attempts,
    Delivery.created_at,
    Delivery.next_attempt_at,
    Delivery.delivered_at,
    Delivery.last_error,
    Post.id,
    Post.external_id,
    Post.revision,
    Delivery.thumbnails_key,
    ThumbnailJob.id.is_not(None),
)
COUNTED = 1000  # counts stop here, so that they take as long with any number of rows


@dataclass(frozen=True)
class LoggedCallback:
    """One callback, and the post or the request for thumbnails it is about. Its body is not read.

    ``is_kept``: the request is there still.
    """

    id: uuid.UUID
    sequence: int
    type: str
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    delivered_at: datetime | None
    last_error: str | None
    post_id: int | None
    external_id: str | None
    revision: int | None
    thumbnails_key: str | None
    is_kept: bool


@dataclass(frozen=True)
class DeliveryPage:
    """Some callbacks; those that follow come after the sequence ``cursor``, None at the end."""

    entries: Sequence[LoggedCallback]
    cursor: int | None


def page(
    session: Session, state: str | None, after: int | None, size: int, order: str = "newest"
) -> DeliveryPage:
    """The first callbacks in a state (None: any), of those that follow a sequence in an order."""
    sequence, forwards = Delivery.sequence, order == "oldest"
    by = sequence if forwards else sequence.desc()
    query = _entries().order_by(by).limit(size + 1)
    if state is not None:
        query = query.where(Delivery.state == state)
    if after is not None:
        query = query.where(sequence > after if forwards else sequence < after)
    found = [LoggedCallback(*row) for row in session.execute(query)]
    entries = found[:size]
    return DeliveryPage(entries, entries[-1].sequence if len(found) > size else None)


def one(session: Session, delivery_id: uuid.UUID) -> LoggedCallback | None:
    """A callback; None where there is none of that id."""
    row = session.execute(_entries().where(Delivery.id == delivery_id)).one_or_none()
    return LoggedCallback(*row) if row else None


def counts(session: Session) -> Mapping[str, int]:
    """How many callbacks are in each state, up to ``COUNTED``."""
    return {state: _count(session, state) for state in STATES}


def held_until(session: Session, origin: str) -> datetime | None:
    """Until when nothing is sent to a receiver, because it did not answer; None where it is."""
    held = select(Receiver.held_until).where(
        Receiver.origin == origin,
        Receiver.failures >= PATIENCE,
        Receiver.held_until > func.now(),
    )
    return session.scalar(held)


def _entries() -> Select[Any]:
    request = ThumbnailJob.key == Delivery.thumbnails_key
    return select(*COLUMNS).outerjoin(Post).outerjoin(ThumbnailJob, request)


def _count(session: Session, state: str) -> int:
    some = select(Delivery.id).where(Delivery.state == state).limit(COUNTED).subquery()
    return session.scalars(select(func.count()).select_from(some)).one()
