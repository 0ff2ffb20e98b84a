"""Who holds a case, and how many cases wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.cases.blind import BLIND
from service.cases.filters import PostFilter
from service.cases.hand_over import for_somebody_else
from service.cases.lease import free, takeable
from service.tables import Case, Post, User

COUNTED = 1000  # "more than" above this, so that counting takes no time however many wait


@dataclass(frozen=True)
class Holder:
    """The current holder of a case, and when the lease ends."""

    name: str
    until: datetime


def holder_of(session: Session, case: Case, besides: int) -> Holder | None:
    """The holder of a case other than ``besides``; None if there is none."""
    return holders_of_cases(session, [case.id], besides).get(case.id)


def holders_of_cases(
    session: Session, case_ids: Collection[int], besides: int
) -> Mapping[int, Holder]:
    """Who, other than ``besides``, holds which of some cases, by the case's row."""
    query = (
        select(Case.id, User.name, Case.leased_until)
        .join(User, Case.holder_id == User.id)
        .where(Case.id.in_(case_ids), Case.closed_at.is_(None), Case.leased_until > func.now())
        .where(Case.holder_id != besides)
    )
    found = session.execute(query)
    return {row: Holder(name, until) for row, name, until in found if until is not None}


def reserved_for(session: Session, case_ids: Collection[int], besides: int) -> Mapping[int, str]:
    """To whom, other than ``besides``, which of some cases was handed and still is theirs alone."""
    query = select(Case.id, User.name).join(User, Case.handed_to_id == User.id)
    query = query.where(Case.id.in_(case_ids), for_somebody_else(besides))
    return dict(session.execute(query).all())


def holders_of(session: Session, post_ids: Collection[int], besides: int) -> Mapping[int, str]:
    """Who, other than ``besides``, looks at which of some posts; blind cases are nobody's."""
    query = (
        select(Case.post_id, User.name)
        .join(User, Case.holder_id == User.id)
        .where(Case.post_id.in_(post_ids), Case.closed_at.is_(None), Case.kind.not_in(BLIND))
        .where(Case.leased_until > func.now(), Case.holder_id != besides)
    )
    return dict(session.execute(query).all())


def waiting_for(session: Session, user_id: int, wanted: PostFilter) -> int:
    """How many cases a person could take now, those they hold among them; ``COUNTED`` at most."""
    query = select(Case.id).join(Post, Case.post_id == Post.id)
    query = query.where(takeable(user_id), free(user_id), *wanted.of_case())
    some = query.limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
