"""Remove data whose retention is over, a few rows per transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from service.hourly.rollup import forget
from service.parts import Parts
from service.tables import Delivery, Embedding, Image, Post

CHUNK = 500
MOST_CHUNKS = 10  # of one turn; the next one goes on
TOLD = ("delivered", "withdrawn", "overtaken")


def tidy(parts: Parts) -> None:
    """One turn: contents of old callbacks, old embeddings, figures of old hours."""
    config = parts.config
    for what, days, step in (
        ("callbacks", config.keep_callback_days, empty_callbacks),
        ("embeddings", config.keep_embedding_days, drop_embeddings),
    ):
        removed = _repeat(parts, step, datetime.now(UTC) - timedelta(days=days))
        if removed:
            structlog.get_logger().info("tidied", what=what, rows=removed)
    with parts.sessions.begin() as session:
        forget(session)


def empty_callbacks(session: Session, before: datetime) -> int:
    """Empty the bodies of the oldest callbacks that were delivered or withdrawn.

    The row stays: it says when the platform was told. Pending and dead callbacks keep their bodies.
    """
    old = (
        select(Delivery.id)
        .where(Delivery.state.in_(TOLD), Delivery.body != {}, Delivery.created_at < before)
        .order_by(Delivery.created_at)
        .limit(CHUNK)
        .with_for_update(skip_locked=True)
    )
    # Materialised: asked once, so that no more are emptied than CHUNK.
    wanted = select(old.cte("old").prefix_with("MATERIALIZED").c.id)
    emptied = update(Delivery).where(Delivery.id.in_(wanted)).values(body={}).returning(Delivery.id)
    return len(session.scalars(emptied.execution_options(synchronize_session=False)).all())


def drop_embeddings(session: Session, before: datetime) -> int:
    """Drop the embeddings of old posts' photographs, those of the oldest photographs first."""
    oldest = (
        select(Embedding.image_id, Embedding.made_by)
        .order_by(Embedding.image_id, Embedding.made_by)
        .limit(CHUNK)
        .subquery()
    )
    old = (
        select(oldest.c.image_id, oldest.c.made_by)
        .join(Image, Image.id == oldest.c.image_id)
        .join(Post, Post.id == Image.post_id)
        .where(Post.received_at < before)
    )
    dropped = (
        delete(Embedding)
        .where(tuple_(Embedding.image_id, Embedding.made_by).in_(old))
        .returning(Embedding.image_id)
    )
    return len(session.scalars(dropped.execution_options(synchronize_session=False)).all())


def _repeat(parts: Parts, step: Callable[[Session, datetime], int], before: datetime) -> int:
    removed = 0
    for _ in range(MOST_CHUNKS):
        with parts.sessions.begin() as session:
            done = step(session, before)
        removed += done
        if not done:
            break
    return removed
