"""Where a post stands when a moderator's answer arrives, against what the moderator saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.posts.lock import hold_post
from service.reviews.settling import settles
from service.tables import Case, Post, Review, User


@dataclass(frozen=True)
class Standing:
    """The last review that settled a post (0: none), why whoever gave it answered so, and the newer
    revision that took its place."""

    last_review: int
    by: str | None
    at: datetime | None
    answers: Mapping[str, str]
    newer: int | None
    reason: str | None = None
    note: str | None = None


def standing(session: Session, post: Post, *, lock: bool = False) -> Standing:
    """Where a post stands now.

    With ``lock`` the post's row is read again and held until the transaction ends, so that of two
    answers the second sees the first, and neither crosses a newer revision or a deletion.
    """
    if lock:
        hold_post(session, post.id)
    last = session.execute(
        select(Review, User.name)
        .join(User, Review.user_id == User.id)
        .where(Review.post_id == post.id, settles())
        .order_by(Review.id.desc())
        .limit(1)
    ).first()
    newer = session.scalar(
        select(Post.id)
        .where(Post.external_id == post.external_id, Post.revision > post.revision)
        .order_by(Post.revision.desc())
        .limit(1)
    )
    if last is None:
        return Standing(0, None, None, {}, newer)
    review, name = last
    return Standing(
        review.id, name, review.created_at, review.answers, newer, review.reason, review.note
    )


def own_answer(session: Session, case: Case, user_id: int) -> Standing | None:
    """The answer that a person gave to a case, as where its post stands; None where they gave none.

    Whoever comes back to a case that measured them sees what they would see of any other.
    """
    query = select(Review, User.name).join(User, Review.user_id == User.id)
    query = query.where(Review.case_id == case.id, Review.user_id == user_id)
    found = session.execute(query.where(Review.undone_at.is_(None))).first()
    if found is None:
        return None
    own, name = found
    return Standing(own.id, name, own.created_at, own.answers, None, own.reason, own.note)
