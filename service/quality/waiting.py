"""Count the cases that wait for a second or third moderator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import all_, exists, func, not_, select
from sqlalchemy.orm import Session

from service.tables import Case, Post, User

KINDS = ("double", "third", "appeal")


@dataclass(frozen=True)
class Waiting:
    """How many second looks, third looks and appeals are open.

    ``nobody`` of them can be taken by nobody: everybody who may settle posts has answered them.
    """

    double: int
    third: int
    appeal: int
    nobody: int


def waiting(session: Session, roles: Collection[str]) -> Waiting:
    """What waits now, where people of these roles may settle posts."""
    able = exists().where(
        User.role.in_(roles), User.disabled_at.is_(None), User.id != all_(Case.not_for)
    )
    query = (
        select(Case.kind, func.count(), func.count().filter(not_(able)))
        .select_from(Case)
        .join(Post)
        .where(Case.closed_at.is_(None), Post.state == "decided")
        .where(Case.kind.in_(KINDS))
        .group_by(Case.kind)
    )
    found = {kind: (count, stuck) for kind, count, stuck in session.execute(query)}
    double, third, appeal = (found.get(kind, (0, 0)) for kind in KINDS)
    return Waiting(double[0], third[0], appeal[0], double[1] + third[1] + appeal[1])
