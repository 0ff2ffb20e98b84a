"""Add a callback to the outbox."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.likeness.most_similar import most_similar
from service.outbox.order import DECIDED
from service.posts.representation import represent
from service.tables import Delivery, Json, Post
from service.tables.deliveries import NUMBERS

NOW = timedelta(0)


def enqueue(
    session: Session,
    post: Post,
    kind: str = DECIDED,
    *,
    more: Json | None = None,
    wait: timedelta = NOW,
    hinted: bool = False,
    made_by: str | None = None,
) -> Delivery:
    """Add one delivery in the transaction of the decision it tells of, so both hold or neither.

    The body is written now: what is sent later is what was decided then, and ``more`` beside the
    post. It goes out after ``wait``, so that a person can change their mind. Its number comes from
    a sequence of the database; whoever decides holds the post's row, so that a later decision on
    the same post has a greater number.

    Args:
        hinted: the caller queues a hint right after its commit; else the sweep does.
        made_by: the network that made the post's embeddings, where the caller knows it.
    """
    data = represent(post, most_similar(session, post, made_by)) | (more or {})
    delivery = _owed(session, kind, data, wait, hinted=hinted)
    delivery.post_id = post.id
    session.add(delivery)
    return delivery


def enqueue_thumbnails(session: Session, key: str, kind: str, data: Json) -> None:
    """Add the delivery that tells how a request for thumbnails ended, in the transaction in which
    it ends. The sweep queues it."""
    delivery = _owed(session, kind, data, NOW, hinted=False)
    delivery.thumbnails_key = key
    session.add(delivery)


def _owed(session: Session, kind: str, data: Json, wait: timedelta, *, hinted: bool) -> Delivery:
    sequence, now = session.execute(select(NUMBERS.next_value(), func.now())).one()
    body = {"type": kind, "timestamp": now.isoformat(), "sequence": sequence, "data": data}
    return Delivery(
        id=uuid.uuid4(),
        sequence=sequence,
        type=kind,
        body=body,
        state="pending",
        attempts=0,
        created_at=now,
        next_attempt_at=now + wait,
        hinted_at=now if hinted else None,
    )
