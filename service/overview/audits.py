"""How many passes a random audit overturned: what the flags miss."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.shares import Shares, tally
from service.tables import Post, Review, Verdict


def passes_overturned(session: Session, scope: Scope) -> Shares:
    """Posts that passed and were audited; a hit is one with a hashtag that a person denied.

    By category, every audited post with a hashtag of it counts, and a hit is that one of those
    was denied. Reviews that were undone do not count.
    """
    answer = Review.answers.op("->>")(Verdict.tag)
    claims = (
        select(
            Review.post_id,
            Verdict.category,
            Post.bundle,
            Post.ruleset,
            (answer == "irrelevant").label("hit"),
        )
        .join(Post, Post.id == Review.post_id)
        .join(Verdict, Verdict.post_id == Review.post_id)
        .where(
            Review.kind == "audit",
            Review.undone_at.is_(None),
            scope.within(Post.received_at),
        )
    )
    if scope.category is not None:
        claims = claims.where(Verdict.category == scope.category)
    return tally(session, claims.subquery())
