"""Leases on cases: no case has two holders, and an abandoned one returns to the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from service.cases.filters import PostFilter
from service.cases.hand_over import for_somebody_else
from service.cases.locked import hold_cases
from service.tables import Case, Post


def takeable(user_id: int) -> ColumnElement[bool]:
    """The open cases that a person may have, whoever holds them; to be joined with their posts."""
    return and_(
        Case.closed_at.is_(None),
        Post.state == "decided",
        or_(Case.for_id.is_(None), Case.for_id == user_id),
        not_(Case.not_for.contains([user_id])),
        not_(for_somebody_else(user_id)),
    )


def free(user_id: int) -> ColumnElement[bool]:
    """The cases that nobody else holds at this moment."""
    return or_(
        Case.leased_until.is_(None), Case.leased_until <= func.now(), Case.holder_id == user_id
    )


def take_next(
    session: Session,
    user_id: int,
    lease: timedelta,
    wanted: PostFilter | None = None,
    besides: Collection[int] = (),
) -> Case | None:
    """Take the next case of the queue; None if there is none for this person.

    What the person holds already comes first, then what was handed to them, and what they skipped
    comes last; in between, what is most at stake. A case that another is taking at this very moment
    is passed over (``SKIP LOCKED``), so any number of moderators never wait for each other.
    """
    mine = and_(Case.holder_id == user_id, Case.leased_until > func.now())
    to_them = Case.handed_to_id == user_id
    skipped = Case.set_aside.contains([user_id])
    query = _free(user_id, wanted, besides).order_by(Case.priority.desc(), Case.id)
    # One after the other: each walks along an index, and none sorts a long queue.
    for turn in (mine, and_(to_them, not_(skipped)), not_(skipped), skipped):
        one = query.where(turn).limit(1).with_for_update(of=Case, skip_locked=True)
        found = session.scalar(one)
        if found is not None:
            _lease(session, [found], user_id, lease)
            return found
    return None


def take(
    session: Session, case_ids: Collection[int], user_id: int, lease: timedelta
) -> Sequence[Case]:
    """Take those cases among ``case_ids`` that are free."""
    query = _free(user_id, None, ()).where(Case.id.in_(case_ids)).order_by(Case.id)
    found = session.scalars(query.with_for_update(of=Case, skip_locked=True)).all()
    _lease(session, found, user_id, lease)
    return found


def renew(
    session: Session, case_ids: Collection[int], user_id: int, lease: timedelta
) -> Sequence[int]:
    """Renew the leases of cases.

    Returns:
        those that are still held: an expired lease is not renewed, because another person may have
        the case.
    """
    held = hold_cases(
        session,
        Case.id.in_(case_ids),
        Case.holder_id == user_id,
        Case.closed_at.is_(None),
        Case.leased_until > func.now(),
    )
    for one in held:
        one.leased_until = func.now() + lease
    session.flush()
    return [one.id for one in held]


def release(session: Session, case_ids: Collection[int], user_id: int, *, skip: bool) -> None:
    """Give cases back. With ``skip``, this person gets them again after all others."""
    held = hold_cases(
        session, Case.id.in_(case_ids), Case.holder_id == user_id, Case.closed_at.is_(None)
    )
    for one in held:
        one.holder_id = one.leased_until = one.taken_at = None
        if skip and user_id not in one.set_aside:
            one.set_aside = [*one.set_aside, user_id]
    session.flush()


def _free(user_id: int, wanted: PostFilter | None, besides: Collection[int]) -> Select[Case]:
    conditions = wanted.of_case() if wanted else ()
    query = select(Case).join(Post, Case.post_id == Post.id)
    query = query.where(takeable(user_id), free(user_id), *conditions)
    return query.where(Case.id.not_in(besides)) if besides else query


def _lease(session: Session, cases: Sequence[Case], user_id: int, lease: timedelta) -> None:
    for one in cases:
        held = one.holder_id == user_id and one.leased_until is not None
        if not held:
            one.taken_at = func.now()
        one.holder_id, one.leased_until = user_id, func.now() + lease
    session.flush()
    for one in cases:
        session.refresh(one, ["taken_at", "leased_until"])
