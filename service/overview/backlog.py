"""How many cases were open at each moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.steps import by_step
from service.tables import HourlyFigure


@dataclass(frozen=True)
class Backlog:
    """Cases of one step: opened in it, closed in it, and open at its end (or now)."""

    start: datetime
    opened: int
    closed: int
    open: int


def backlog(session: Session, scope: Scope) -> Sequence[Backlog]:
    """Cases of the scope's category, by step."""
    opened = [step.total for step in by_step(session, scope, "opened")]
    closed = [step.total for step in by_step(session, scope, "closed")]
    found, running = [], _open_at_start(session, scope)
    for start, came, went in zip(scope.starts, opened, closed, strict=True):
        running += came - went
        found.append(Backlog(start, came, went, running))
    return found


def _open_at_start(session: Session, scope: Scope) -> int:
    """What is open now, less what was opened since, and with what was closed since."""
    row = HourlyFigure
    opened, since = row.figure == "opened", row.hour >= scope.start
    sums = select(
        func.coalesce(func.sum(row.hits).filter(opened), 0),
        func.coalesce(func.sum(row.n).filter(opened, since), 0),
        func.coalesce(func.sum(row.n).filter(row.figure == "closed"), 0),
    ).where(
        row.category == (scope.category or ""),
        or_(opened, and_(row.figure == "closed", since)),
    )
    now, came, went = (int(count) for count in session.execute(sums).one())
    return now - came + went
