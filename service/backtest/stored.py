"""Stored decisions, streamed: what was seen, what the rules said, what a person answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from rules import Decision
from rules.verdicts.codes import Code
from service.database import Sessions
from service.tables import IS_JUDGED, Author, CopyCheck, Image, Poll, Post, Verdict, Video

CHUNK = 2000


@dataclass(frozen=True)
class Tag:
    """One hashtag of a stored post: the verdict that the rules ``said`` then and the one that
    ``holds`` now.

    ``votes`` are those of then (``rules.Ballot``), where neighbours voted on it; ``menu`` is what
    was read on its photographs (``rules.Menu``). ``given``: a person gave it the verdict that holds
    on exactly the same photographs, whatever the rules say.
    """

    tag: str
    said: str
    holds: str
    category: str | None
    votes: Mapping[str, Any] | None = None
    menu: Mapping[str, Any] | None = None
    given: bool = False


@dataclass(frozen=True)
class StoredPost:
    """One decided post. ``images`` has the stored labels of each photograph that could be read, as
    ``bundle`` saw them. ``unseen``: one of its videos could not be looked at. ``shown``: it went to
    a person although it might pass, since its author is watched or it is a copy drawn for a check.
    """

    id: int
    name: str
    settled: bool
    tags: Sequence[Tag]
    images: Sequence[dict[str, Any]]
    decision: str = ""
    bundle: str | None = None
    ruleset: str | None = None
    unseen: bool = False
    shown: bool = False


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A read-only transaction on one snapshot."""
    with sessions() as session:
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield session


def count(session: Session, since: datetime | None) -> int:
    """How many posts ``stream`` will give."""
    return session.scalar(_decided(select(func.count(Post.id)), since)) or 0


def stream(session: Session, since: datetime | None) -> Iterator[Sequence[StoredPost]]:
    """The decided posts, the newest first, in chunks through a server-side cursor."""
    query = _decided(_whole(), since).order_by(Post.id.desc())
    rows = session.execute(query, execution_options={"yield_per": CHUNK})
    for chunk in rows.partitions():
        yield [_read(row) for row in chunk]


def following(
    session: Session, since: datetime | None, after: int, most: int
) -> Sequence[StoredPost]:
    """The next decided posts after a row's id, the oldest first."""
    query = _decided(_whole(), since).where(Post.id > after).order_by(Post.id).limit(most)
    return [_read(row) for row in session.execute(query)]


def chosen(session: Session, ids: Collection[int]) -> Sequence[StoredPost]:
    """The decided ones of some posts, the oldest first."""
    query = _decided(_whole(), None).where(Post.id.in_(ids)).order_by(Post.id)
    return [_read(row) for row in session.execute(query)]


def _whole() -> Select[Any]:
    tags = (
        select(
            func.json_agg(
                aggregate_order_by(
                    func.json_build_array(
                        Verdict.tag,
                        Verdict.model_verdict,
                        Verdict.verdict,
                        Verdict.category,
                        Poll.ballot,
                        Verdict.trace["menu"],
                        func.coalesce(Verdict.reason["code"].astext == Code.SETTLED, False),
                    ),
                    Verdict.position,
                )
            )
        )
        .select_from(Verdict)
        .outerjoin(Poll, Poll.verdict_id == Verdict.id)
        .where(Verdict.post_id == Post.id)
        .scalar_subquery()
    )
    images = (
        select(func.json_agg(aggregate_order_by(Image.labels, Image.position)))
        .where(Image.post_id == Post.id, IS_JUDGED)
        .scalar_subquery()
    )
    settled = Post.decided_by != "model"
    unseen = exists().where(Video.post_id == Post.id, Video.error.is_not(None))
    return select(
        Post.id,
        Post.external_id,
        settled,
        tags,
        images,
        Post.decision,
        Post.bundle,
        Post.ruleset,
        unseen,
        _shown(),
    )


def _shown() -> ColumnElement[bool]:
    watched = exists().where(Author.author_id == Post.author_id, Author.watched)
    checked = exists().where(Verdict.post_id == Post.id, CopyCheck.verdict_id == Verdict.id)
    return and_(Post.decision == Decision.REVIEW.value, or_(watched, checked))


def _read(row: Row[Any]) -> StoredPost:
    row_id, name, settled, tags, images, *rest = tuple(row)
    return StoredPost(row_id, name, settled, [Tag(*tag) for tag in tags or ()], images or (), *rest)


def _decided(query: Select[Any], since: datetime | None) -> Select[Any]:
    query = query.where(Post.state == "decided")
    return query if since is None else query.where(Post.received_at >= since)
