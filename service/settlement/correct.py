"""An answer to a post that was opened from a list instead of the queue."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from service.cases.lease import take
from service.cases.open import open_case, waiting_review
from service.config import Config
from service.posts.lock import hold_post
from service.reviews.remark import NO_REMARK, Remark
from service.reviews.settle import SettleError
from service.settlement.answer import LeaseLostError, answer
from service.tables import Post, Review, User


def correct(
    session: Session,
    post: Post,
    user: User,
    answers: Mapping[str, str],
    config: Config,
    *,
    remark: Remark = NO_REMARK,
) -> Review:
    """Answer the post's open review, or one that is opened for this, in the caller's transaction.

    Raises:
        LeaseLostError: another moderator has the post at this moment, and keeps it.
        SettleError: the post is not decided, or see ``answer``.
    """
    # Of two who correct a post at once, the second finds what the first left.
    hold_post(session, post.id)
    if post.state != "decided":
        raise SettleError(f"The post is {post.state}; only a decided post can be settled.")
    case = waiting_review(session, post.id) or open_case(
        session, post, "review", max(post.reach, 1)
    )
    if not take(session, [case.id], user.id, config.lease):
        raise LeaseLostError
    return answer(session, case, user, answers, config, remark=remark)
