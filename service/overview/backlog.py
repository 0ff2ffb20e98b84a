"""How many cases were open at each moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session

from service.overview.scope import Moment, Scope
from service.overview.steps import by_step
from service.tables import Case


@dataclass(frozen=True)
class Backlog:
    """Cases of one step: opened in it, closed in it, and open at its end (or now)."""

    start: datetime
    opened: int
    closed: int
    open: int


def backlog(session: Session, scope: Scope) -> Sequence[Backlog]:
    """Cases of the scope's category, by step."""
    mine = scope.about(Case.post_id)
    left = session.scalar(
        select(func.count()).where(
            mine,
            Case.opened_at < scope.start,
            or_(Case.closed_at.is_(None), Case.closed_at >= scope.start),
        )
    )
    opened = _counts(session, scope, Case.opened_at, mine)
    closed = _counts(session, scope, Case.closed_at, mine)
    found, running = [], left or 0
    for start, came, went in zip(scope.starts, opened, closed, strict=True):
        running += came - went
        found.append(Backlog(start, came, went, running))
    return found


def _counts(
    session: Session,
    scope: Scope,
    moment: Moment,
    mine: ColumnElement[bool],
) -> list[int]:
    return [step.total for step in by_step(session, scope, moment, literal(""), mine)]
