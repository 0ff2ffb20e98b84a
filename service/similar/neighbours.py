"""Near-duplicates of a post among the posts of the last weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import lateral, literal, select
from sqlalchemy.orm import Session, aliased, selectinload

from service.likeness.others import distance_to, of_others
from service.likeness.scan import probe
from service.tables import Embedding, Image, Post
from similarity import NEAR, Likeness, likeness
from similarity.duplicates import Floats

RECENT = timedelta(days=30)
NEAREST = 60  # embeddings looked at for each photograph


@dataclass(frozen=True)
class Neighbour:
    """A post whose photographs look like another's, and how alike they are."""

    post: Post
    likeness: Likeness


def neighbours(session: Session, post: Post, made_by: str, limit: int) -> list[Neighbour]:
    """The decided posts of the last weeks that show what a post shows, the likest first.

    Args:
        made_by: the network whose embeddings are compared; photographs without one are not.
        limit: the most posts to return.
    """
    mine = _embeddings(session, [post.id], made_by).get(post.id)
    if mine is None:
        return []
    near = _near(session, post.id, made_by, mine.shape[1])
    theirs = _embeddings(session, near, made_by)
    alike = {row: likeness(mine, embeddings) for row, embeddings in theirs.items()}
    likest = sorted(alike, key=lambda row: (-alike[row].closest, -row))[:limit]
    query = select(Post).where(Post.id.in_(likest))
    whole = selectinload(Post.images), selectinload(Post.verdicts)
    posts = {found.id: found for found in session.scalars(query.options(*whole))}
    return [
        Neighbour(posts[row], _complete(alike[row], posts[row], len(theirs[row]), post, len(mine)))
        for row in likest
        if row in posts
    ]


def _near(session: Session, post_id: int, made_by: str, dimension: int) -> Sequence[int]:
    """The ids of posts with a photograph near one of a post's."""
    probe(session)
    mine = aliased(Embedding)
    distance = distance_to(mine.vector, dimension)
    nearest = lateral(
        of_others((Post.id, distance.label("distance")), made_by)
        .where(Post.received_at > datetime.now(UTC) - RECENT, Post.id != post_id)
        .order_by(distance)
        .limit(NEAREST)
    )
    query = (
        select(nearest.c.id)
        .distinct()
        .select_from(mine)
        .join(Image, Image.id == mine.image_id)
        .join(nearest, literal(True))
        .where(Image.post_id == post_id, mine.made_by == made_by)
        .where(nearest.c.distance <= 1 - NEAR)
    )
    return session.scalars(query).all()


def _embeddings(session: Session, post_ids: Sequence[int], made_by: str) -> Mapping[int, Floats]:
    """The embeddings of posts that have any, [photographs, dimension] each."""
    rows = session.execute(
        select(Image.post_id, Embedding.vector)
        .join(Embedding, Embedding.image_id == Image.id)
        .where(Image.post_id.in_(post_ids), Embedding.made_by == made_by)
    )
    found = defaultdict(list)
    for post_id, vector in rows:
        found[post_id].append(vector)
    return {post_id: np.array(vectors, np.float32) for post_id, vectors in found.items()}


def _complete(alike: Likeness, one: Post, seen: int, other: Post, other_seen: int) -> Likeness:
    """Photographs that nothing was seen in may show anything."""
    whole = seen == len(one.images) and other_seen == len(other.images)
    return Likeness(alike.closest, alike.same and whole)
