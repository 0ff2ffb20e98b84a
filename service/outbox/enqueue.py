"""Write down that the platform is to be told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from service.posts.representation import represent
from service.tables import Delivery, Json, Post

DECIDED = "post.decided"
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
    post. It goes out after ``wait``, so that a person can change their mind.
    """
    now = datetime.now(UTC)
    delivery = Delivery(
        id=uuid.uuid4(),
        post_id=post.id,
        type=kind,
        body={"type": kind, "timestamp": now.isoformat(), "data": represent(post) | (more or {})},
        state="pending",
        attempts=0,
        created_at=now,
        next_attempt_at=now + wait,
    )
    session.add(delivery)
    return delivery
