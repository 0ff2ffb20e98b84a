"""Undo a review: a waiting callback is withdrawn; one that was sent is followed by a correction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit import record
from service.config import Config
from service.database import time_of
from service.outbox.enqueue import enqueue
from service.posts.lock import hold_posts
from service.quality.controls import unlearn, withdraw_doubted
from service.reviews.settling import MEASURES, settles
from service.reviews.state import restore, state_of
from service.settlement.followers import reopen, take_back
from service.tables import Delivery, Post, Review, User


class UndoError(Exception):
    """A review cannot be taken back any more; the text says why.

    ``why`` is the reason as a word: another, twice, gone, later or forgotten.
    """

    def __init__(self, why: str, text: str) -> None:
        super().__init__(text)
        self.why = why


def undo(session: Session, review: Review, user: User, config: Config) -> Sequence[Review]:
    """Undo a review and all others of its batch, in the caller's transaction.

    Each post is what it was, its case is open again and this person's. Cases that the review made
    necessary are closed, those that it overruled are open again. A callback that waits is
    withdrawn; one that went out is followed by another that tells what holds now.

    Returns:
        the reviews that were taken back.

    Raises:
        UndoError: it is another's review, it was undone before, or its post was replaced, deleted
            or settled by somebody else since.
    """
    if review.user_id != user.id:
        raise UndoError("another", "Only whoever gave an answer can take it back.")
    undone = _hold(session, review)
    for one in undone:
        _undo(session, one, user, config)
    session.flush()
    return undone


def _hold(session: Session, review: Review) -> Sequence[Review]:
    """Lock a review and all of its batch, after their posts: the order of service/locks.py."""
    same = Review.batch == review.batch if review.batch else Review.id == review.id
    hold_posts(session, session.scalars(select(Review.post_id).where(same)).all())
    query = select(Review).where(same).order_by(Review.id).with_for_update()
    held = session.scalars(query, execution_options={"populate_existing": True}).all()
    if not held:
        raise UndoError("gone", "The post was deleted.")
    return held


def _undo(session: Session, review: Review, user: User, config: Config) -> None:
    post = session.get_one(Post, review.post_id)
    if review.undone_at is not None:
        raise UndoError("twice", "This answer was taken back already.")
    if post.state != "decided":
        raise UndoError("gone", f"The post is {post.state} by now.")
    if review.kind in MEASURES:
        record(session, user.name, "post.undone", _subject(post), {"kind": review.kind})
    else:
        _restore(session, post, review, user, config)
    review.undone_at = time_of(session)
    session.flush()
    unlearn(session, review)
    withdraw_doubted(session, post)
    take_back(session, review)
    reopen(session, review, user, config)


def _restore(session: Session, post: Post, review: Review, user: User, config: Config) -> None:
    later = select(Review.id).where(
        Review.post_id == post.id,
        Review.id > review.id,
        settles(),
    )
    if session.scalar(later.limit(1)) is not None:
        raise UndoError("later", "The post was settled again since.")
    if review.before is None:
        raise UndoError("forgotten", "What the post was before is not known any more.")
    replaced = state_of(post)
    restore(post, review.before)
    details = {"before": replaced, "after": state_of(post)}
    record(session, user.name, "post.undone", _subject(post), details)
    if review.delivery_id is not None:
        _take_back(session, post, review.delivery_id, config)


def _take_back(session: Session, post: Post, delivery_id: uuid.UUID, config: Config) -> None:
    """Withdraw a waiting callback; follow one that may have arrived with the current decision."""
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    tried, waits = delivery.attempts > 0, delivery.state == "pending"
    if waits:
        delivery.state = "withdrawn"
    if tried or not waits:
        # One that is on its way at this moment arrives first.
        under_way = timedelta(seconds=config.callback_seconds if waits else 0)
        enqueue(session, post, wait=under_way)


def _subject(post: Post) -> str:
    return f"post:{post.external_id}@{post.revision}"
