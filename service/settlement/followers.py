"""What an undone answer leaves in the queue: neither what it made necessary, nor gaps."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.cases import close
from service.cases.locked import hold_cases
from service.config import Config
from service.database import time_of
from service.quality.follow_up import FIRST_LOOKS, OVERRULED
from service.tables import Case, Review, User


def take_back(session: Session, review: Review) -> None:
    """Close the cases that a review made necessary, and open again those that it overruled, in the
    caller's transaction, after it was marked as undone."""
    _give_back_second_look(session, review)
    made = Case.review_id == review.id
    # A third look follows from the second one, which followed from this.
    second = select(Review.id).join(Case, Review.case_id == Case.id).where(made)
    close(session, Case.post_id == review.post_id, or_(made, Case.review_id.in_(second)))
    if review.kind == "appeal":
        _open_overruled(session, review)


def reopen(session: Session, review: Review, user: User, config: Config) -> None:
    """Open the case that a review answered, for the person who undid it, unless the answer that it
    was about was undone before."""
    held = hold_cases(session, Case.id == review.case_id) if review.case_id else []
    if not held or held[0].review_id in _undone(session, review.post_id):
        return
    case = held[0]
    if case.kind != "control":
        # Another reason of the same kind may have come up since; the post needs one of them.
        close(session, Case.post_id == case.post_id, Case.kind == case.kind)
    now = time_of(session)
    case.closed_at = None
    case.holder_id, case.taken_at, case.leased_until = user.id, now, now + config.lease


def _give_back_second_look(session: Session, review: Review) -> None:
    """A second look that waited when the review came was of an earlier answer, which stands again.

    ``opened_at`` and ``created_at`` are when their transactions began.
    """
    taken_over = Case.review_id == review.id, Case.opened_at < review.created_at
    open_looks = Case.post_id == review.post_id, Case.kind == "double", Case.closed_at.is_(None)
    held = hold_cases(session, *open_looks, *taken_over)
    earlier = session.scalar(
        select(Review.id)
        .where(Review.post_id == review.post_id, Review.id < review.id)
        .where(Review.kind.in_(FIRST_LOOKS), Review.undone_at.is_(None))
        .order_by(Review.id.desc())
        .limit(1)
    )
    for case in held if earlier is not None else []:
        case.review_id = earlier
        case.holder_id = case.leased_until = case.taken_at = None
    session.flush()


def _open_overruled(session: Session, review: Review) -> None:
    """Whatever waited when the appeal was answered waits again. That answer closed it, so at the
    time at which its transaction began."""
    of_post: ColumnElement[bool] = Case.post_id == review.post_id
    closed = Case.kind.in_(OVERRULED), Case.closed_at == review.created_at
    open_now = set(session.scalars(select(Case.kind).where(of_post, Case.closed_at.is_(None))))
    undone = _undone(session, review.post_id)
    for case in hold_cases(session, of_post, *closed):
        if case.kind not in open_now and case.review_id not in undone:
            case.closed_at = None
            case.holder_id = case.leased_until = case.taken_at = None
    session.flush()


def _undone(session: Session, post_id: int) -> set[int]:
    query = select(Review.id).where(Review.post_id == post_id, Review.undone_at.is_not(None))
    return set(session.scalars(query))
