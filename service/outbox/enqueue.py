"""Add a callback to the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.likeness.most_similar import most_similar, most_similar_each
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
) -> Delivery:
    """Add one delivery in the transaction of the decision it tells of, so both hold or neither.

    The body is written now: what is sent later is what was decided then, and ``more`` beside the
    post. It goes out after ``wait``, so that a person can change their mind. Its number comes from
    a sequence of the database; whoever decides holds the post's row, so that a later decision on
    the same post has a greater number. The sweep queues it.
    """
    data = represent(post, most_similar(session, post)) | (more or {})
    [number], now = _numbers(session, 1)
    delivery = _owed(number, now, kind, data)
    delivery.next_attempt_at = now + wait
    delivery.post_id = post.id
    session.add(delivery)
    return delivery


def enqueue_decided(session: Session, posts: Sequence[Post], made_by: str) -> list[Delivery]:
    """Add one delivery for each of several posts in the transaction that decides them. The caller
    queues them right after its commit.

    Args:
        made_by: the network that made the posts' embeddings.
    """
    similar = most_similar_each(session, posts, made_by)
    numbers, now = _numbers(session, len(posts))
    deliveries = []
    for number, post in zip(numbers, posts, strict=True):
        delivery = _owed(number, now, DECIDED, represent(post, similar[post.id]))
        delivery.post_id, delivery.hinted_at = post.id, now
        deliveries.append(delivery)
    session.add_all(deliveries)
    return deliveries


def enqueue_thumbnails(session: Session, key: str, kind: str, data: Json) -> None:
    """Add the delivery that tells how a request for thumbnails ended, in the transaction in which
    it ends. The sweep queues it."""
    [number], now = _numbers(session, 1)
    delivery = _owed(number, now, kind, data)
    delivery.thumbnails_key = key
    session.add(delivery)


def _numbers(session: Session, count: int) -> tuple[list[int], datetime]:
    """The next numbers of callbacks, and the time of the transaction."""
    rows = func.generate_series(1, count).alias("rows")
    found = session.execute(select(NUMBERS.next_value(), func.now()).select_from(rows)).all()
    return sorted(number for number, _ in found), found[0][1]


def _owed(sequence: int, now: datetime, kind: str, data: Json) -> Delivery:
    body = {"type": kind, "timestamp": now.isoformat(), "sequence": sequence, "data": data}
    return Delivery(
        id=uuid.uuid4(),
        sequence=sequence,
        type=kind,
        body=body,
        state="pending",
        attempts=0,
        created_at=now,
        next_attempt_at=now,
    )
