"""Rows counted by time step and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.overview.scope import Moment, Scope


@dataclass(frozen=True)
class Step:
    """What happened from ``start`` on, until the next step: how often, by kind."""

    start: datetime
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How often anything happened."""
        return sum(self.counts.values())


def by_step(
    session: Session,
    scope: Scope,
    moment: Moment,
    kind: ColumnElement[str] | InstrumentedAttribute[str],
    *where: ColumnElement[bool],
) -> list[Step]:
    """Count rows by the step that a moment of theirs lies in, and by their kind.

    Returns:
        every step of the scope, in order, with no kinds where nothing happened.
    """
    start = func.date_bin(scope.period.step, moment, scope.start)
    query = (
        select(start, kind, func.count()).where(scope.within(moment), *where).group_by(start, kind)
    )
    counts: dict[datetime, dict[str, int]] = {start: {} for start in scope.starts}
    for begins, name, count in session.execute(query):
        counts[begins][name] = count
    return [Step(begins, found) for begins, found in counts.items()]
