"""Take a post in: one committed row, whatever arrives how often and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.cases import close_cases
from service.tables import Image, Post


@dataclass(frozen=True)
class NewImage:
    """Where one photograph comes from: a URL, or bytes that were sent."""

    url: str | None
    data: bytes | None


@dataclass(frozen=True)
class Accepted:
    """The row that answers for the post, and whether it is new and to be screened."""

    post: Post
    is_new: bool


def accept(session: Session, post: Post, images: list[NewImage]) -> Accepted:
    """Add a revision of a post in the caller's transaction, or find that it is there already.

    A newer revision supersedes the older ones; one that is older than what is known is kept as
    superseded; a revision of a post that was deleted is not taken in again unless it is newer.
    Deliveries of the same post wait for each other, so any number at once make one row.
    """
    session.execute(select(func.pg_advisory_xact_lock(2, func.hashtext(post.external_id))))
    known = session.scalars(
        select(Post).where(Post.external_id == post.external_id).order_by(Post.revision.desc())
    ).all()
    for other in known:
        if other.revision == post.revision:
            return Accepted(other, is_new=False)
    newest = known[0] if known else None
    if newest is not None and newest.revision > post.revision:
        post.state = "deleted" if newest.state == "deleted" else "superseded"
        if post.state == "deleted":
            post.author_id, post.caption, post.hashtags = "", "", []
        images = []
    else:
        post.state = "pending"
        _supersede(session, post.external_id)
    post.images = [
        Image(position=position, source_url=image.url, source_bytes=image.data)
        for position, image in enumerate(images)
    ]
    session.add(post)
    session.flush()
    return Accepted(post, is_new=post.state == "pending")


def _supersede(session: Session, external_id: str) -> None:
    replaced = session.scalars(
        update(Post)
        .where(Post.external_id == external_id, Post.state.in_(["pending", "decided"]))
        .values(state="superseded")
        .returning(Post.id)
    ).all()
    close_cases(session, replaced)
