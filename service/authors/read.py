"""Figures about an author's posts: decisions, answers, and copies of others' posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased, selectinload

from intervals import Share
from service.tables import Author, CampaignImage, Post

LOOKED_AT = 1000  # an author may have any number; the newest tell enough
SHOWN = 24


@dataclass(frozen=True)
class Portrait:
    """An author's decided posts, the newest ``LOOKED_AT`` at most.

    ``flagged`` posts have an irrelevant hashtag; ``irrelevant`` counts those among the posts that
    people settled. ``copies`` show the same as an earlier post of another author.
    """

    author_id: str
    posts: int
    irrelevant: Share
    flagged: Share
    copies: Share
    kept: Author | None
    last: Sequence[Post]


def portrait(session: Session, author_id: str) -> Portrait | None:
    """The figures of an author; None if they have no decided post."""
    decided = and_(Post.author_id == author_id, Post.state == "decided")
    newest = select(Post).where(decided).order_by(Post.id.desc()).limit(LOOKED_AT).subquery()
    theirs = aliased(Post, newest)
    flagged, settled = theirs.decision == "flag", theirs.decided_by != "model"
    posts, flags, answers, wrong, copied = session.execute(
        select(
            func.count(),
            func.count().filter(flagged),
            func.count().filter(settled),
            func.count().filter(and_(flagged, settled)),
            func.count().filter(_is_copy(theirs)),
        ).select_from(theirs)
    ).one()
    if not posts:
        return None
    whole = selectinload(Post.images), selectinload(Post.verdicts)
    last = select(Post).where(decided).options(*whole).order_by(Post.id.desc()).limit(SHOWN)
    return Portrait(
        author_id,
        posts,
        Share(wrong, answers),
        Share(flags, posts),
        Share(copied, posts),
        session.get(Author, author_id),
        session.scalars(last).all(),
    )


def _is_copy(post: type[Post]) -> ColumnElement[bool]:
    mine, other, theirs = aliased(CampaignImage), aliased(CampaignImage), aliased(Post)
    return exists().where(
        mine.post_id == post.id,
        other.campaign_id == mine.campaign_id,
        other.post_id < post.id,
        theirs.id == other.post_id,
        theirs.author_id != post.author_id,
    )
