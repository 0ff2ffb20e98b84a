"""What else an author posted, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, selectinload

from service.tables import Post

LOOKED_AT = 1000  # an author may have any number; the newest tell enough
SHOWN = 4


@dataclass(frozen=True)
class History:
    """An author's other decided posts, the newest ``LOOKED_AT`` at most.

    ``flagged`` of ``posts`` have a hashtag that their photographs do not bear out; of the
    ``settled`` ones, which a person looked at, ``irrelevant`` have. ``last`` are the newest few.
    """

    posts: int
    flagged: int
    settled: int
    irrelevant: int
    last: Sequence[Post]


def history(session: Session, post: Post) -> History:
    """The other posts of a post's author."""
    others = (
        select(Post.decision, Post.decided_by)
        .where(Post.author_id == post.author_id, Post.state == "decided")
        .where(Post.external_id != post.external_id)
        .order_by(Post.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    flagged, settled = others.c.decision == "flag", others.c.decided_by != "model"
    counts = session.execute(
        select(
            func.count(),
            func.count().filter(flagged),
            func.count().filter(settled),
            func.count().filter(and_(flagged, settled)),
        ).select_from(others)
    ).one()
    last = session.scalars(
        select(Post)
        .where(Post.author_id == post.author_id, Post.state == "decided")
        .where(Post.external_id != post.external_id)
        .options(selectinload(Post.images))
        .order_by(Post.id.desc())
        .limit(SHOWN)
    ).all()
    return History(*counts, last)
