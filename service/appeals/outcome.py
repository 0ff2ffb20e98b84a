"""An appeal's outcome, derived from its case so that the two never disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.tables import Appeal, Case, Json, Review


@dataclass(frozen=True)
class Outcome:
    """``state`` is open, upheld (the decision stands), overturned (a verdict that the author
    objected to is another now) or withdrawn (the post was replaced or deleted meanwhile)."""

    state: str
    decided_at: datetime | None = None


@dataclass(frozen=True)
class Told:
    """The type of a callback, and what it holds besides the post."""

    type: str
    more: Json


def callback_of(session: Session, review: Review) -> Told:
    """What the platform is told of a review: a decision, or how an appeal ended."""
    appeal = session.scalar(select(Appeal).where(Appeal.case_id == review.case_id))
    if review.kind != "appeal" or appeal is None:
        return Told("post.decided", {})
    return Told("appeal.decided", {"appeal": represent_appeal(session, appeal)})


def find_appeal(session: Session, external_id: str) -> Appeal | None:
    """The appeal with the platform's id."""
    return session.scalar(select(Appeal).where(Appeal.external_id == external_id))


def outcome(session: Session, appeal: Appeal) -> Outcome:
    """The current outcome of an appeal."""
    case = appeal.case
    if case is None:
        return Outcome("withdrawn")
    if case.closed_at is None:
        return Outcome("open")
    review = session.scalar(
        select(Review).where(Review.case_id == case.id, Review.undone_at.is_(None))
    )
    if review is None:
        return Outcome("withdrawn")
    overturned = changed(review, objected_to(case))
    return Outcome("overturned" if overturned else "upheld", review.created_at)


def changed(review: Review, hashtags: Sequence[str]) -> bool:
    """Whether a review changed the verdict of one of these hashtags, or of any if none is named."""
    before = (review.before or {})["hashtags"]
    return any(review.answers[tag] != before[tag] for tag in hashtags or before)


def objected_to(case: Case) -> Sequence[str]:
    """The hashtags that an author names; none: all of the post's."""
    return list(case.details.get("hashtags", ()))


def represent_appeal(session: Session, appeal: Appeal) -> Json:
    """The appeal as the wire shows it, as plain JSON values."""
    stands = outcome(session, appeal)
    return {
        "id": appeal.external_id,
        "post": appeal.post.external_id,
        "revision": appeal.post.revision,
        "state": stands.state,
        "hashtags": list(objected_to(appeal.case)) if appeal.case else [],
        "received_at": appeal.received_at.isoformat(),
        "decided_at": stands.decided_at.isoformat() if stands.decided_at else None,
    }
