"""A moderator's last answer, which can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules import Verdict, decide
from service.config import Config
from service.database import time_of
from service.tables import Post, Review

REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True)
class LastAnswer:
    """The last answer of a person, or the last batch of ``posts`` answers.

    ``seconds_left`` until the platform is told; 0 if it was told or will not be. ``is_told`` says
    whether there is an address to tell anything to. ``post`` is the platform's id, and
    ``decision`` what the answers make of the post.
    """

    review_id: int
    post: str
    decision: str
    posts: int
    seconds_left: float
    is_told: bool


def last_answer(session: Session, user_id: int, config: Config) -> LastAnswer | None:
    """The last answer within the hour that was not undone."""
    found = session.execute(
        select(Review, Post)
        .join(Post, Review.post_id == Post.id)
        .where(Review.user_id == user_id, Review.undone_at.is_(None), Post.state == "decided")
        .where(Review.created_at > func.now() - REMEMBERED)
        .order_by(Review.created_at.desc(), Review.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    review, post = found
    passed = (time_of(session) - review.created_at).total_seconds()
    return LastAnswer(
        review.id,
        post.external_id,
        decide(Verdict(answer) for answer in review.answers.values()).value,
        _in_batch(session, review),
        max(config.undo_seconds - passed, 0.0),
        bool(config.callback_url),
    )


def _in_batch(session: Session, review: Review) -> int:
    if review.batch is None:
        return 1
    return session.scalar(select(func.count()).where(Review.batch == review.batch)) or 1
