"""The neighbours that voted on a post, as the console shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rules import Ballot
from service.tables import Poll, Post, Verdict, Vote


@dataclass(frozen=True)
class Neighbour:
    """A post that voted, its likeness (a cosine), and whether it carries the hashtag."""

    post: Post
    likeness: float
    carries: bool


@dataclass(frozen=True)
class HashtagPoll:
    """The votes on one hashtag, and the nearest of those who gave them; gone posts are missing."""

    tag: str
    ballot: Ballot
    neighbours: Sequence[Neighbour]


def polls_of(session: Session, post_id: int) -> list[HashtagPoll]:
    """Those of a post's hashtags that neighbours voted on, in the post's order."""
    query = (
        select(Verdict.id, Verdict.tag, Poll.ballot)
        .join(Poll, Poll.verdict_id == Verdict.id)
        .where(Verdict.post_id == post_id, Poll.prototype_id.is_(None))
        .order_by(Verdict.position)
    )
    return [
        HashtagPoll(tag, Ballot(**ballot), _neighbours(session, verdict))
        for verdict, tag, ballot in session.execute(query)
    ]


def _neighbours(session: Session, verdict: int) -> list[Neighbour]:
    query = (
        select(Post, Vote.likeness, Vote.carries)
        .join(Vote, Vote.post_id == Post.id)
        .where(Vote.verdict_id == verdict, Post.state == "decided")
        .order_by(Vote.likeness.desc(), Vote.post_id)
        .options(selectinload(Post.images))
    )
    return [Neighbour(*row) for row in session.execute(query)]
