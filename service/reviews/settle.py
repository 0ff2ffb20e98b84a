"""Settle a post's verdicts and decision by a person's answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from rules import Verdict as Answer
from rules import decide
from service.tables import Post

ANSWERS = (Answer.RELEVANT, Answer.IRRELEVANT, Answer.UNVERIFIABLE)


class SettleError(Exception):
    """A post cannot be settled like this; the text says why."""


def full_answers(
    post: Post, answers: Mapping[str, str], shown: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A verdict for every hashtag of a post: the answer, else the one ``shown`` (by default, the
    one that stands).

    ``answers`` maps hashtags, as they were sent, to relevant, irrelevant or unverifiable.

    Raises:
        SettleError: the post is not decided, an answer is no verdict that a person gives or is for
            a hashtag that the post does not have, or a hashtag would stay uncertain.
    """
    if post.state != "decided":
        raise SettleError(f"The post is {post.state}; only a decided post can be settled.")
    for tag, answer in answers.items():
        if answer not in ANSWERS:
            raise SettleError(f"{answer!r} is no answer to #{tag}.")
    before = shown or {verdict.tag: verdict.verdict for verdict in post.verdicts}
    unknown = set(answers) - set(before)
    if unknown:
        raise SettleError(f"The post has no hashtag #{min(unknown)}.")
    full = {**before, **answers}
    if Answer.UNCERTAIN in full.values():
        raise SettleError("Every uncertain hashtag needs an answer.")
    return full


def settle(post: Post, answers: Mapping[str, str], decided_by: str, now: datetime) -> None:
    """Write a verdict for every hashtag, and the decision that follows from them.

    ``now`` is the database's time: which of several answers is the newest is seen by it.
    """
    for verdict in post.verdicts:
        verdict.verdict = answers[verdict.tag]
    post.decision = decide(Answer(verdict.verdict) for verdict in post.verdicts).value
    post.decided_by, post.decided_at = decided_by, now
