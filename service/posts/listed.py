"""Posts by state, decision and time, page by page, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, literal_column, select, tuple_
from sqlalchemy.orm import Session

from service.lexicon.tagged import tagged
from service.posts import cursor as cursors
from service.tables import Post, Verdict

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Written out: a partial index is only used where its condition stands in the query.
DECIDED = Post.state == literal_column("'decided'")


@dataclass(frozen=True)
class PostQuery:
    """What must hold of a post; None is not asked for.

    ``decision`` is that of a decided post. A post was received from ``since`` on and before
    ``until``. ``hashtag`` is written in any way; a post that is not screened has none yet.
    """

    state: str | None = None
    decision: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    author: str | None = None
    hashtag: str | None = None


@dataclass(frozen=True)
class PostPage:
    """Some posts, and the cursor of the next page, if there is one."""

    posts: Sequence[Post]
    next_cursor: str | None


def list_posts(session: Session, asked: PostQuery, limit: int, cursor: str | None) -> PostPage:
    """One page, by the time at which posts were received.

    A page begins behind the last post of the one before, so posts that arrive meanwhile move
    nothing. Each way of asking has an index in this order.

    Raises:
        CursorError: the cursor cannot be read.
    """
    query = (
        select(Post)
        .where(*_conditions(asked))
        .order_by(Post.received_at.desc(), Post.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(tuple_(Post.received_at, Post.id) < _place(cursor))
    found = session.scalars(query).all()
    page = found[:limit]
    return PostPage(page, _cursor(page[-1]) if len(found) > limit else None)


def _conditions(asked: PostQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.decision is not None:
        conditions += [DECIDED, Post.decision == asked.decision]
    elif asked.state is not None:
        conditions.append(Post.state == asked.state)
    if asked.since is not None:
        conditions.append(Post.received_at >= asked.since)
    if asked.until is not None:
        conditions.append(Post.received_at < asked.until)
    if asked.author is not None:
        conditions.append(Post.author_id == asked.author)
    if asked.hashtag is not None:
        with_tag = select(Verdict.post_id).where(tagged(asked.hashtag))
        conditions.append(Post.id.in_(with_tag))
    return conditions


def _cursor(last: Post) -> str:
    return cursors.write((last.received_at - EPOCH) // MICROSECOND, last.id)


def _place(cursor: str) -> tuple[datetime, int]:
    microseconds, row_id = cursors.read(cursor, 2)
    try:
        return EPOCH + microseconds * MICROSECOND, row_id
    except OverflowError:
        raise cursors.CursorError("cannot be read") from None
