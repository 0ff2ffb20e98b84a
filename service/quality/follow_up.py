"""Open the cases that an answer makes necessary: a second look, a third look, a control."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.cases import close, open_case, release
from service.config import Config
from service.quality.controls import (
    forget,
    forget_learned,
    keep_control,
    slip_in,
    withdraw_doubted,
)
from service.quality.draw import drawn
from service.reviews.settling import settlers
from service.tables import Case, Post, Review

FIRST_LOOKS = frozenset({"review", "spot_check"})
OVERRULED = ("review", "spot_check", "double", "third")


def follow(session: Session, review: Review, config: Config) -> None:
    """Open the cases that a review makes necessary, in the transaction of the answer.

    - A share of first answers gets a second, blind look by somebody else.
    - Where the two differ on a hashtag, a third person decides; where they agree, or the third has
      decided, the post can be a control from then on.
    - An appeal puts the answer in question, so the post is no control any more.
    - Controls that wait with an answer that stands no more are taken back.
    - Now and then a control is slipped in after any other answer.
    """
    if review.kind == "control":
        return
    case = session.get_one(Case, review.case_id) if review.case_id else None
    post = session.get_one(Post, review.post_id)
    urgency = case.priority if case else float(max(post.reach, 1))
    if review.kind in FIRST_LOOKS:
        if drawn(config.secret_key, "double", post.id, config.double_share):
            _look_again(session, post, "double", urgency, review)
    elif review.kind == "double":
        _compare(session, post, urgency, review)
    elif review.kind == "third":
        keep_control(session, post.id, review.answers, "third")
    elif review.kind == "appeal":
        forget(session, post.id)
        _has_the_last_word(session, post)
    if review.kind != "double":
        _not_their_own(session, review)
    withdraw_doubted(session, post)
    slip_in(session, review, urgency, config)


def _compare(session: Session, post: Post, urgency: float, second: Review) -> None:
    case = session.get_one(Case, second.case_id)
    first = session.get(Review, case.review_id) if case.review_id else None
    if first is None or first.undone_at is not None:
        return
    if first.answers == second.answers:
        keep_control(session, post.id, second.answers, "agreed")
    else:
        forget_learned(session, post.id)
        _look_again(session, post, "third", urgency, second)


def _look_again(session: Session, post: Post, kind: str, urgency: float, review: Review) -> None:
    """Open a case for somebody who has not answered this post; one that is open already follows
    the newer review instead."""
    knows = _answered(session, post)
    query = select(Case).where(Case.post_id == post.id, Case.kind == kind, Case.closed_at.is_(None))
    waiting = session.scalar(query.with_for_update())
    if waiting is None:
        open_case(session, post, kind, urgency, not_for=knows, review_id=review.id)
        return
    waiting.review_id, waiting.not_for = review.id, sorted({*waiting.not_for, *knows})
    waiting.holder_id = waiting.leased_until = waiting.taken_at = None


def _has_the_last_word(session: Session, post: Post) -> None:
    """An appeal decides: what else the post waited for is not needed any more."""
    close(session, Case.post_id == post.id, Case.kind.in_(OVERRULED))


def _not_their_own(session: Session, review: Review) -> None:
    """Whoever settled a post does not decide on the author's appeal against it."""
    settled = sorted(settlers(session, review.post_id))
    appeals = session.scalars(
        update(Case)
        .where(Case.post_id == review.post_id, Case.kind == "appeal", Case.closed_at.is_(None))
        .values(not_for=settled)
        .returning(Case.id)
    ).all()
    release(session, appeals, review.user_id, skip=False)


def _answered(session: Session, post: Post) -> Iterable[int]:
    query = select(Review.user_id).where(Review.post_id == post.id, Review.undone_at.is_(None))
    return session.scalars(query.distinct()).all()
