"""Filters of the queue and of lists of posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_, select

from service.cases.blind import BLIND, models_decision
from service.lexicon.tagged import tagged
from service.tables import Case, Post, Verdict


@dataclass(frozen=True)
class PostFilter:
    """A filter on posts; an empty field filters nothing.

    ``hashtag`` is as ``name_of`` gives it. ``older_than`` is the least age of the post, since it
    was decided or else received. ``kind`` is a case's.
    """

    category: str = ""
    hashtag: str = ""
    author: str = ""
    decision: str = ""
    kind: str = ""
    older_than: timedelta | None = None

    def of_post(self, *, screened: bool = True) -> Sequence[ColumnElement[bool]]:
        """The conditions on a post; one that is not screened has no verdicts yet."""
        conditions: list[ColumnElement[bool]] = []
        if self.category:
            conditions.append(_with_verdict(Verdict.category == self.category))
        if self.hashtag and screened:
            conditions.append(_with_verdict(tagged(self.hashtag)))
        elif self.hashtag:
            conditions.append(Post.hashtags.contains([self.hashtag]))
        if self.author:
            conditions.append(Post.author_id == self.author)
        if self.decision:
            conditions.append(Post.decision == self.decision)
        if self.older_than is not None:
            conditions.append(Post.received_at <= datetime.now(UTC) - self.older_than)
        return conditions

    def of_case(self) -> Sequence[ColumnElement[bool]]:
        """The conditions on a case, joined with its post."""
        conditions = [*replace(self, decision="").of_post()]
        if self.decision:
            conditions.append(_shown_as(self.decision))
        return [*conditions, Case.kind == self.kind] if self.kind else conditions


def _shown_as(decision: str) -> ColumnElement[bool]:
    """``blind.decision_shown`` in SQL: by what is shown, not by what a blind case must not tell."""
    blind = Case.kind.in_(BLIND)
    # Not as one expression, of which PostgreSQL could not tell how many posts it leaves.
    return or_(
        and_(not_(blind), Post.decision == decision), and_(blind, models_decision() == decision)
    )


def _with_verdict(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Post.id.in_(select(Verdict.post_id).where(condition))
