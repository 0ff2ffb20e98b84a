"""Write down that the platform is to be told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from service.posts.representation import represent
from service.tables import Delivery, Post

DECIDED = "post.decided"


def enqueue(session: Session, post: Post, kind: str = DECIDED) -> Delivery:
    """Add one delivery in the transaction of the decision it tells of, so both hold or neither.

    The body is written now: what is sent later is what was decided then.
    """
    now = datetime.now(UTC)
    delivery = Delivery(
        id=uuid.uuid4(),
        post_id=post.id,
        type=kind,
        body={"type": kind, "timestamp": now.isoformat(), "data": represent(post)},
        state="pending",
        attempts=0,
        created_at=now,
        next_attempt_at=now,
    )
    session.add(delivery)
    return delivery
