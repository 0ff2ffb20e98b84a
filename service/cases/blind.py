"""What a moderator may see of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules import Decision, Verdict, decide
from service.tables import Case, Post

BLIND = frozenset({"double", "third", "control"})


def held_blind(session: Session, post_ids: Collection[int], user_id: int) -> Mapping[int, Case]:
    """The blind cases that a person holds, by post.

    While a person holds one, no page may show them how its post was settled.
    """
    query = select(Case).where(
        Case.post_id.in_(post_ids),
        Case.kind.in_(BLIND),
        Case.closed_at.is_(None),
        Case.holder_id == user_id,
        Case.leased_until > func.now(),
    )
    return {case.post_id: case for case in session.scalars(query)}


def shown(post: Post, case: Case) -> Mapping[str, str]:
    """The verdict of each hashtag, as sent, that stands on the page.

    In a blind case it is the model's verdict, so that another person's answer cannot influence this
    one and the post looks like any other of the queue.
    """
    if case.kind in BLIND:
        return {verdict.tag: verdict.model_verdict for verdict in post.verdicts}
    return {verdict.tag: verdict.verdict for verdict in post.verdicts}


def decision_shown(post: Post, case: Case) -> str | None:
    """The decision that stands on the page, for the same reason the model's where a case is blind.

    What the model decided follows from its verdicts, and where it could not look, it asked.
    """
    if case.kind not in BLIND:
        return post.decision
    if not any(image.labels for image in post.images):
        return Decision.REVIEW.value
    return decide(Verdict(verdict.model_verdict) for verdict in post.verdicts).value
