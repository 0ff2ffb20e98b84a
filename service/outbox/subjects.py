"""What callbacks are about, a post or a request for thumbnails, and what is undone about each."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from service.locks import Lock
from service.outbox.order import Owed
from service.tables import Delivery, Post

IDS = "ids"
_NAME = func.coalesce(literal("thumbnails ") + Delivery.thumbnails_key, Post.external_id)


@dataclass(frozen=True)
class Subject:
    """A post in all of its revisions, or a request for thumbnails.

    ``waiting`` are its pending callbacks, by their sequence. ``sent`` is the greatest sequence of
    those that were tried before, 0 for none. ``is_busy``: one of them is being sent.
    """

    waiting: Sequence[Owed]
    sent: int
    is_busy: bool


def hold_subjects(session: Session, ids: Collection[uuid.UUID]) -> None:
    """Wait for the locks of the subjects of some callbacks, in the one order of their keys."""
    keys = select(func.hashtext(_NAME).label("key")).select_from(Delivery).outerjoin(Post)
    ordered = keys.where(Delivery.id.in_(ids)).distinct().order_by("key").subquery()
    session.execute(select(func.pg_advisory_xact_lock(Lock.CALLBACKS, ordered.c.key)))


def undone(session: Session, ids: Collection[uuid.UUID]) -> list[Subject]:
    """The subjects of some callbacks, each with what is not done with: what was told before is not
    read, however much it is."""
    rows = session.execute(_undone_of_both(), {IDS: list(ids)})
    # Platforms name posts as they like, also as we name a request's lock.
    subjects = groupby(rows, lambda row: (row.of_post, row.name))
    return [_subject(list(found)) for _, found in subjects]


def _subject(rows: Sequence[Any]) -> Subject:
    waiting = [Owed(row.id, row.sequence, row.type, row.due) for row in rows]
    return Subject(waiting, rows[0].sent, any(row.leased for row in rows))


@cache
def _undone_of_both() -> Select[Any]:
    """Made once: to put it together costs more than to run it."""
    ids: BindParameter[Any] = bindparam(IDS, expanding=True)
    both = union_all(_of_posts(ids), _of_thumbnails(ids)).subquery()
    return select(both).order_by(both.c.of_post, both.c.name, both.c.sequence)


def _of_posts(ids: BindParameter[Any]) -> Select[Any]:
    """By all revisions of the posts."""
    other, revision = aliased(Delivery), aliased(Post)
    names = select(Post.external_id).join(Delivery).where(Delivery.id.in_(ids))
    sent = select(func.max(other.sequence)).join(revision, revision.id == other.post_id)
    sent = sent.where(revision.external_id == Post.external_id, other.attempts > 0)
    return _undone(sent).join(Post).where(Post.external_id.in_(names))


def _of_thumbnails(ids: BindParameter[Any]) -> Select[Any]:
    other = aliased(Delivery)
    keys = select(Delivery.thumbnails_key).where(Delivery.id.in_(ids))
    sent = select(func.max(other.sequence))
    sent = sent.where(other.thumbnails_key == Delivery.thumbnails_key, other.attempts > 0)
    return _undone(sent).outerjoin(Post).where(Delivery.thumbnails_key.in_(keys))


def _undone(sent: Select[int]) -> Select[Any]:
    """One that was withdrawn while it was being sent is undone until it has its answer."""
    leased = func.coalesce(Delivery.leased_until > func.now(), False)
    columns: tuple[Any, ...] = (
        *(_NAME.label("name"), Delivery.thumbnails_key.is_(None).label("of_post")),
        *(Delivery.id, Delivery.sequence, Delivery.type),
        (Delivery.next_attempt_at <= func.now()).label("due"),
        leased.label("leased"),
        func.coalesce(sent.scalar_subquery(), 0).label("sent"),
    )
    return select(*columns).where(or_(Delivery.state == "pending", leased))
