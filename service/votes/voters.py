"""Who votes on a post's hashtags: the posts that look most like it, one an author."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from psycopg.errors import QueryCanceled
from sqlalchemy import ARRAY, ColumnElement, Text, case, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.likeness.index import is_indexed
from service.likeness.search import LikenessQuery, Similar, search
from service.tables import Post, Verdict
from similarity.duplicates import Floats
from similarity.votes import one_an_author

FIRST = 3  # photographs of the post that are searched from
SEARCHED = 3  # times as many posts as votes: some are the author's own, or have no vote
PASSED = 0.5  # the weight of a post that passed and that no person looked at; settled: 1
STATEMENT_MILLISECONDS = 1000

# Those whose hashtags somebody stands for: what is flagged or doubtful waits for a person.
MAY_VOTE: ColumnElement[bool] = or_(Post.decision == "pass", Post.decided_by != "model")
WEIGHT: ColumnElement[float] = case((Post.decided_by == "model", PASSED), else_=1.0)
STANDS = ("relevant", "unverifiable")
CARRIED = Verdict.verdict.in_(STANDS)


@dataclass(frozen=True)
class Voter:
    """A post that votes: its row, the normalised hashtags it carries, and a cosine."""

    row: int
    author: str
    weight: float
    tags: frozenset[str]
    likeness: float


def voters(
    session: Session, embeddings: Floats, made_by: str, post_id: str, author: str, most: int
) -> list[Voter]:
    """The nearest posts of other authors, one an author, the likest first.

    The same picture again has no vote: a campaign would speak for itself. There are none where no
    index is built, or finding them takes long; what the caller's transaction did stays.

    Args:
        embeddings: of the post's photographs, [photographs, dimension].
        made_by: the network that made them.
        post_id: the platform's id of the post.
        author: who has no vote.
        most: so many votes at most.
    """
    if not is_indexed(session, made_by):
        return []
    asked = LikenessQuery(embeddings[:FIRST], made_by, SEARCHED * most, other_than=post_id)
    try:
        with session.begin_nested(), _limited(session):
            near = [one for one in search(session, asked).posts if not one.same]
            found = _read(session, near, author)
    except DBAPIError as error:
        if not isinstance(error.orig, QueryCanceled):
            raise
        structlog.get_logger().warning("votes_not_asked", post=post_id, why="took_too_long")
        return []
    return one_an_author(found, most)


def _read(session: Session, near: Sequence[Similar], author: str) -> list[Voter]:
    tags = func.array_agg(Verdict.normalised, type_=ARRAY(Text)).filter(CARRIED)
    query = (
        select(Post.id, Post.author_id, WEIGHT, tags)
        .outerjoin(Verdict, Verdict.post_id == Post.id)
        .where(Post.id.in_([one.row for one in near]), Post.state == "decided", MAY_VOTE)
        .where(Post.author_id != author)
        .group_by(Post.id)
    )
    rows = {row: (who, weight, carried) for row, who, weight, carried in session.execute(query)}
    return [
        Voter(one.row, who, weight, frozenset(carried or ()), one.likeness)
        for one in near
        if one.row in rows
        for who, weight, carried in (rows[one.row],)
    ]


@contextmanager
def _limited(session: Session) -> Iterator[None]:
    """Bound each statement of the body; an error ends the bound with the nested transaction."""
    name = "statement_timeout"
    before = session.scalar(select(func.current_setting(name))) or "0"
    session.execute(select(func.set_config(name, str(STATEMENT_MILLISECONDS), True)))
    yield
    session.execute(select(func.set_config(name, before, True)))
