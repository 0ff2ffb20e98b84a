"""What a moderator may see of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from service.tables import IS_JUDGED, Case, Image, Post, Review, Verdict

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


def decision_shown(session: Session, post: Post, case: Case) -> str | None:
    """The decision that stands on the page, for the same reason the model's where a case is
    blind."""
    if case.kind not in BLIND:
        return post.decision
    return session.scalar(select(models_decision()).where(Post.id == post.id))


def models_decision() -> ColumnElement[str | None]:
    """What the model decided on a post, whatever people answered since: their first answer kept
    it. Where that is not known any more, it follows from the model's verdicts, and where the model
    could not look, it asked."""
    says = exists().where(Verdict.post_id == Post.id)
    looked = exists().where(Image.post_id == Post.id, IS_JUDGED)
    follows = sql_case(
        (~looked, "review"),
        (says.where(Verdict.model_verdict == "irrelevant"), "flag"),
        (says.where(Verdict.model_verdict == "uncertain"), "review"),
        else_="pass",
    )
    replaced = (
        select(Review.before["decision"].astext)
        .where(Review.post_id == Post.id, Review.before["decided_by"].astext == "model")
        .order_by(Review.id.desc())
        .limit(1)
        .correlate(Post)
        .scalar_subquery()
    )
    return func.coalesce(replaced, follows)
