"""How many flags the people who settled them confirmed: the precision of what is live."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.shares import Shares, tally
from service.tables import Post, Verdict


def flags_confirmed(session: Session, scope: Scope) -> Shares:
    """Posts that the model flagged and a person settled; a hit is one that is flagged still.

    By category, a flag is an irrelevant hashtag of that category, and a hit is that one of them
    is irrelevant still. What was undone is the model's again, and does not count.
    """
    claims = (
        select(
            Verdict.post_id,
            Verdict.category,
            Post.bundle,
            Post.ruleset,
            (Verdict.verdict == "irrelevant").label("hit"),
        )
        .join(Post, Post.id == Verdict.post_id)
        .where(
            Post.state == "decided",
            Post.decided_by != "model",
            scope.within(Post.received_at),
            Verdict.model_verdict == "irrelevant",
        )
    )
    if scope.category is not None:
        claims = claims.where(Verdict.category == scope.category)
    return tally(session, claims.subquery())
