"""A moderator's answer to a post settles its verdicts and its decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from rules import Verdict as Answer
from rules import decide
from service.audit import record
from service.outbox.enqueue import enqueue
from service.tables import Delivery, Json, Post, Review, User

ANSWERS = (Answer.RELEVANT, Answer.IRRELEVANT, Answer.UNVERIFIABLE)
MODERATOR = "moderator"


class SettleError(Exception):
    """A post cannot be settled like this; the text says why."""


def settle(
    session: Session, post: Post, user: User, answers: Mapping[str, str], *, callback_url: str
) -> Delivery | None:
    """Write a moderator's verdicts, the decision that follows from them, and what goes out.

    ``answers`` maps hashtags, as they were sent, to relevant, irrelevant or unverifiable; hashtags
    without an answer keep their verdict. Everything happens in the caller's transaction, which
    should hold the post's row (``standing`` takes it).

    Returns:
        the callback owed to the platform, to be hinted at after the commit; None where there is no
        ``callback_url``, so that nobody is told.

    Raises:
        SettleError: the post is not decided, an answer is no verdict that a person gives or is for
            a hashtag that the post does not have, or a hashtag would stay uncertain.
    """
    _check(post, answers)
    before = _state(post)
    for verdict in post.verdicts:
        verdict.verdict = answers.get(verdict.tag, verdict.verdict)
    if any(verdict.verdict == Answer.UNCERTAIN for verdict in post.verdicts):
        raise SettleError("Every uncertain hashtag needs an answer.")
    post.decision = decide(Answer(verdict.verdict) for verdict in post.verdicts).value
    post.decided_by, post.decided_at = MODERATOR, datetime.now(UTC)
    full = {verdict.tag: verdict.verdict for verdict in post.verdicts}
    session.add(Review(post_id=post.id, user_id=user.id, answers=full))
    record(
        session,
        user.name,
        "post.settled",
        f"post:{post.external_id}@{post.revision}",
        {"before": before, "after": _state(post)},
    )
    session.flush()
    return enqueue(session, post) if callback_url else None


def _check(post: Post, answers: Mapping[str, str]) -> None:
    if post.state != "decided":
        raise SettleError(f"The post is {post.state}; only a decided post can be settled.")
    for tag, answer in answers.items():
        if answer not in ANSWERS:
            raise SettleError(f"{answer!r} is no answer to #{tag}.")
    unknown = set(answers) - {verdict.tag for verdict in post.verdicts}
    if unknown:
        raise SettleError(f"The post has no hashtag #{min(unknown)}.")


def _state(post: Post) -> Json:
    return {
        "decision": post.decision,
        "decided_by": post.decided_by,
        "hashtags": {verdict.tag: verdict.verdict for verdict in post.verdicts},
    }
