"""Open cases, and close them if their post is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from rules import Decision, TagVerdict, leaves_nothing_open
from service.cases.locked import hold_cases
from service.cases.priority import priority
from service.tables import Case, Json, Post


def add_case(session: Session, post: Post, kind: str, priority: float) -> Case:
    """Put a post into the queue with the next flush of the caller's transaction, which writes the
    cases of several posts at once. See ``Case`` for what each says.
    """
    case = Case(
        post_id=post.id,
        kind=kind,
        priority=priority,
        doubt=priority / max(post.reach, 1),
        reach=max(post.reach, 1),
        not_for=[],
        set_aside=[],
        details={},
    )
    session.add(case)
    return case


def open_case(
    session: Session,
    post: Post,
    kind: str,
    priority: float,
    *,
    for_id: int | None = None,
    not_for: Iterable[int] = (),
    review_id: int | None = None,
    details: Json | None = None,
) -> Case:
    """Put a post into the queue at once, in the caller's transaction.

    Raises:
        IntegrityError: the post is in the queue for this reason already.
    """
    case = add_case(session, post, kind, priority)
    case.for_id, case.not_for = for_id, sorted(not_for)
    case.review_id, case.details = review_id, details or {}
    session.flush()
    return case


def open_review(session: Session, post: Post, verdicts: Iterable[TagVerdict]) -> Case | None:
    """Put a post that was just decided into the queue, if the decision is a person's to make.

    It is not if a person gave the verdicts before, on exactly the same photographs.
    """
    verdicts = list(verdicts)
    if post.decision not in (Decision.FLAG, Decision.REVIEW) or leaves_nothing_open(verdicts):
        return None
    return add_case(session, post, "review", priority(verdicts, post.reach))


def waiting_review(session: Session, post_id: int) -> Case | None:
    """The open review of a post; None where it waits for none."""
    query = select(Case).where(
        Case.post_id == post_id, Case.kind == "review", Case.closed_at.is_(None)
    )
    return session.scalar(query)


def close_cases(session: Session, post_ids: Collection[int]) -> None:
    """Take posts out of the queue, whatever they are in it for: they were replaced or deleted."""
    close(session, Case.post_id.in_(post_ids))


def close(session: Session, *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Close the open cases for which all conditions hold.

    Returns:
        their ids.
    """
    ids = [case.id for case in hold_cases(session, Case.closed_at.is_(None), *conditions)]
    session.execute(update(Case).where(Case.id.in_(ids)).values(closed_at=func.now()))
    return ids
