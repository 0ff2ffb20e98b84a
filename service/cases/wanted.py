"""Which posts a moderator wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, or_

from service.tables import Case, Post, Verdict


@dataclass(frozen=True)
class Wanted:
    """A filter on posts; what is empty is not asked for.

    ``hashtag`` is normalised. ``older_than`` is the least age of the post, since it was decided or
    else received. ``kind`` is a case's.
    """

    category: str = ""
    hashtag: str = ""
    author: str = ""
    decision: str = ""
    kind: str = ""
    older_than: timedelta | None = None

    def of_post(self) -> Sequence[ColumnElement[bool]]:
        """What must hold of a post."""
        conditions: list[ColumnElement[bool]] = []
        if self.category:
            conditions.append(Post.verdicts.any(Verdict.category == self.category))
        if self.hashtag:
            tagged = Post.verdicts.any(Verdict.normalised == self.hashtag)
            # A pending post has no verdicts yet, only what the platform sent.
            conditions.append(or_(tagged, Post.hashtags.contains([self.hashtag])))
        if self.author:
            conditions.append(Post.author_id == self.author)
        if self.decision:
            conditions.append(Post.decision == self.decision)
        if self.older_than is not None:
            conditions.append(Post.received_at <= datetime.now(UTC) - self.older_than)
        return conditions

    def of_case(self) -> Sequence[ColumnElement[bool]]:
        """What must hold of a case, joined with its post."""
        kind = [Case.kind == self.kind] if self.kind else []
        return [*self.of_post(), *kind]
