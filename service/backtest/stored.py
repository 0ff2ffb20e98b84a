"""Stored decisions, streamed: what was seen, what the rules said, what a person answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from service.database import Sessions
from service.tables import Image, Post, Verdict

CHUNK = 2000


@dataclass(frozen=True)
class Tag:
    """One hashtag of a stored post: ``said`` by the rules then, ``holds`` now."""

    tag: str
    said: str
    holds: str
    category: str | None


@dataclass(frozen=True)
class StoredPost:
    """One decided post. ``images`` has the stored labels of each photograph that could be read."""

    id: int
    name: str
    settled: bool
    tags: Sequence[Tag]
    images: Sequence[dict[str, Any]]


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A transaction that sees one moment and in which the database refuses every write."""
    with sessions() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield session


def count(session: Session, since: datetime | None) -> int:
    """How many posts ``stream`` will give."""
    return session.scalar(_decided(select(func.count(Post.id)), since)) or 0


def stream(session: Session, since: datetime | None) -> Iterator[Sequence[StoredPost]]:
    """The decided posts, the newest first, in chunks that a cursor of the server hands out."""
    tags = (
        select(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(
                        Verdict.tag, Verdict.model_verdict, Verdict.verdict, Verdict.category
                    ),
                    Verdict.position,
                )
            )
        )
        .where(Verdict.post_id == Post.id)
        .scalar_subquery()
    )
    images = (
        select(func.json_agg(Image.labels))
        .where(Image.post_id == Post.id, Image.labels.is_not(None))
        .scalar_subquery()
    )
    query = _decided(select(Post.id, Post.external_id, Post.decided_by, tags, images), since)
    rows = session.execute(query.order_by(Post.id.desc()), execution_options={"yield_per": CHUNK})
    for chunk in rows.partitions():
        yield [
            StoredPost(
                row_id, name, decided_by != "model", [Tag(*tag) for tag in tags or ()], images or ()
            )
            for row_id, name, decided_by, tags, images in chunk
        ]


def _decided(query: Select[Any], since: datetime | None) -> Select[Any]:
    query = query.where(Post.state == "decided")
    return query if since is None else query.where(Post.received_at >= since)
