"""What persons said of posts with exactly the same photographs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from service.tables import Image, Post

NEWEST = 20  # posts that are looked at: a campaign has thousands


def settled_verdicts(session: Session, post: Post, hashes: Sequence[str]) -> dict[str, str]:
    """The verdicts that persons gave hashtags on posts with exactly these photographs.

    A hashtag on which they differ has none: a person should look again.

    Args:
        post: the one that is being decided; its other revisions count.
        hashes: SHA-256 of the bytes of each of its photographs.

    Returns:
        verdicts by normalised hashtag.
    """
    if not hashes:
        return {}
    query = (
        select(Post)
        .where(Post.id.in_(select(Image.post_id).where(Image.sha256 == hashes[0])))
        .where(Post.state == "decided", Post.decided_by != "model", Post.id != post.id)
        .order_by(Post.decided_at.desc(), Post.id.desc())
        .limit(NEWEST)
        .options(selectinload(Post.images), selectinload(Post.verdicts))
    )
    given: dict[str, set[str]] = {}
    for other in session.scalars(query):
        if Counter(image.sha256 for image in other.images) != Counter(hashes):
            continue
        for verdict in other.verdicts:
            given.setdefault(verdict.normalised, set()).add(verdict.verdict)
    return {tag: said.pop() for tag, said in given.items() if tag and len(said) == 1}
