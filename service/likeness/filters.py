"""Filters of a search by likeness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from service.lexicon.tagged import tagged
from service.tables import Post, Verdict

# Written out: a partial index is only used where its condition stands in the query.
DECIDED = Post.state == literal_column("'decided'")


@dataclass(frozen=True)
class Filters:
    """Conditions that a post must all meet; None filters nothing.

    A post was received at ``since`` or later. One of its hashtags is ``hashtag`` in any spelling,
    and one is of ``category``.
    """

    decision: str | None = None
    author: str | None = None
    hashtag: str | None = None
    category: str | None = None
    since: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every decided post matches."""
        return self == EVERYTHING

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filters in SQL. Posts that are gone, replaced or not decided never match."""
        found: list[ColumnElement[bool]] = [DECIDED]
        if self.decision is not None:
            found.append(Post.decision == self.decision)
        if self.author is not None:
            found.append(Post.author_id == self.author)
        if self.since is not None:
            found.append(Post.received_at >= self.since)
        if self.hashtag is not None:
            found.append(_has(tagged(self.hashtag)))
        if self.category is not None:
            found.append(_has(Verdict.category == self.category))
        return found


def count_matching(session: Session, filters: Filters, at_most: int) -> int:
    """How many posts match; counting stops at ``at_most``."""
    some = select(Post.id).where(*filters.conditions()).limit(at_most)
    counted = select(func.count()).select_from(some.subquery())
    return session.scalar(counted) or 0


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Post.id.in_(select(Verdict.post_id).where(condition))


EVERYTHING = Filters()
