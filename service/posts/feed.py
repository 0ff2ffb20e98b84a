"""A hashtag's posts without the irrelevant ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.lexicon.tagged import tagged
from service.posts import cursor as cursors
from service.tables import Post, Verdict


@dataclass(frozen=True)
class FeedPage:
    """Some posts, the newest first, and the cursor of the next page, if there is one."""

    posts: Sequence[Post]
    next_cursor: str | None


def feed(session: Session, hashtag: str, verdict: str, limit: int, cursor: str | None) -> FeedPage:
    """One page of the decided posts whose hashtag has a verdict, however it was written.

    Pages are ordered by descending row id, so posts that arrive meanwhile shift nothing.

    Raises:
        CursorError: the cursor cannot be read.
    """
    with_tag = (
        select(Verdict.post_id).where(tagged(hashtag), Verdict.verdict == verdict).scalar_subquery()
    )
    query = (
        select(Post)
        .where(Post.state == "decided", Post.id.in_(with_tag))
        .order_by(Post.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        (before,) = cursors.read(cursor, 1)
        query = query.where(Post.id < before)
    found = session.scalars(query).all()
    page = found[:limit]
    return FeedPage(page, cursors.write(page[-1].id) if len(found) > limit else None)
