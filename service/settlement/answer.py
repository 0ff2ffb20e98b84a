"""A moderator's answer to a case: what it changes, and when the platform hears of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.appeals.outcome import callback_of
from service.audit import record
from service.cases.blind import shown
from service.cases.draft import save_draft
from service.cases.locked import hold_cases
from service.config import Config
from service.database import time_of
from service.outbox.enqueue import enqueue
from service.posts.lock import hold_post
from service.quality.follow_up import follow
from service.reviews.remark import NO_REMARK, Remark
from service.reviews.settle import full_answers, settle
from service.reviews.settling import MEASURES
from service.reviews.state import state_of
from service.tables import Case, Draft, Json, Post, Review, User


class GoneError(Exception):
    """The case's post was deleted meanwhile, and the case with it."""


class LeaseLostError(Exception):
    """The case is not this person's any more; the answers were kept as a draft."""


def answer(
    session: Session,
    case: Case,
    user: User,
    answers: Mapping[str, str],
    config: Config,
    *,
    batch: uuid.UUID | None = None,
    remark: Remark = NO_REMARK,
) -> Review:
    """Write a moderator's verdicts, and all that follows from them, in the caller's transaction:
    the decision, the callback, and further cases (``service/quality/follow_up.py``).

    ``answers`` maps hashtags, as they were sent, to relevant, irrelevant or unverifiable; those
    without an answer keep the verdict that was shown. ``remark`` says why. The post and its case
    are locked until the transaction ends; who answers several in one takes them in the order of
    their posts. The callback waits for ``config.undo_seconds``. An answer that is sent again,
    because whoever sent it could not know that it had arrived, is the review that it was.

    Raises:
        GoneError: the post was deleted.
        LeaseLostError: another has the case by now, or had it and answered it, or the time was up.
            The answers are kept as a draft: commit all the same.
        SettleError: the answers settle nothing; see ``full_answers``.
    """
    # In the order of service/locks.py; read anew, because the page was read before.
    post = hold_post(session, case.post_id)
    held = hold_cases(session, Case.id == case.id)
    if not held:
        raise GoneError
    now = time_of(session)
    lease = case.leased_until if case.holder_id == user.id else None
    if (before := _given_before(session, case, user, answers)) is not None:
        return before
    is_lost = case.closed_at is not None or lease is None or lease <= now
    if is_lost and post.state == "decided":  # a revision that was replaced takes no answer later
        save_draft(session, case, user, answers, remark.reason, remark.note)
        raise LeaseLostError
    full = full_answers(post, answers, shown(post, case))
    review = Review(
        post_id=post.id,
        user_id=user.id,
        case_id=case.id,
        kind=case.kind,
        answers=full,
        batch=batch,
        reason=remark.reason,
        note=remark.note,
        seconds=(now - case.taken_at).total_seconds() if case.taken_at else None,
    )
    session.add(review)
    case.closed_at = now
    session.execute(delete(Draft).where(Draft.case_id == case.id, Draft.user_id == user.id))
    if case.kind in MEASURES:
        details: Json = {"kind": case.kind, "answers": full, **remark.logged}
        record(session, user.name, "post.reviewed", _subject(post), details)
    else:
        _settle(session, post, user, review, remark, config, now)
    session.flush()
    follow(session, review, config)
    session.flush()
    return review


def _given_before(
    session: Session, case: Case, user: User, answers: Mapping[str, str]
) -> Review | None:
    """The review by which this person closed the case with these very answers, if there is one."""
    if case.closed_at is None:
        return None
    found = session.scalar(
        select(Review)
        .where(Review.case_id == case.id, Review.user_id == user.id, Review.undone_at.is_(None))
        .order_by(Review.id.desc())
        .limit(1)
    )
    if found is None or any(found.answers.get(tag) != given for tag, given in answers.items()):
        return None
    return found


def _settle(
    session: Session,
    post: Post,
    user: User,
    review: Review,
    remark: Remark,
    config: Config,
    now: datetime,
) -> None:
    review.before = state_of(post)
    settle(post, review.answers, "appeal" if review.kind == "appeal" else "moderator", now)
    details: Json = {"before": review.before, "after": state_of(post), **remark.logged}
    record(session, user.name, "post.settled", _subject(post), details)
    if config.callback_url:
        told = callback_of(session, review)
        delivery = enqueue(session, post, told.type, more=told.more, wait=config.undo_wait)
        session.flush()
        review.delivery_id = delivery.id


def _subject(post: Post) -> str:
    return f"post:{post.external_id}@{post.revision}"
