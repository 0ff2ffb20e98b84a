"""Find a post by the platform's id."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.tables import Post


def find_post(session: Session, external_id: str, revision: int | None = None) -> Post | None:
    """The post with its images and verdicts: one revision, or the newest."""
    query = (
        select(Post)
        .where(Post.external_id == external_id)
        .options(selectinload(Post.images), selectinload(Post.videos), selectinload(Post.verdicts))
        .order_by(Post.revision.desc())
        .limit(1)
    )
    if revision is not None:
        query = query.where(Post.revision == revision)
    return session.scalar(query)
