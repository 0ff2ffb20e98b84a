"""Sums of the hours' figures. What is read depends on the period, never on the number of posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.tables import HourlyFigure

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Count:
    """How often something of a kind happened in the step of time that begins at ``start``."""

    start: datetime
    kind: str
    n: int


def by_kind(
    session: Session,
    figure: str,
    category: str | None,
    start: datetime,
    end: datetime,
    step: timedelta,
    *where: ColumnElement[bool],
) -> Sequence[Count]:
    """A figure's counts from ``start`` until ``end``, both whole hours, by step and kind."""
    row = HourlyFigure
    begins = func.date_bin(step, row.hour, start)
    query = (
        select(begins, row.kind, func.sum(row.n))
        .where(row.figure == figure, row.category == (category or ""), *where)
        .where(row.hour >= start, row.hour < end)
        .group_by(begins, row.kind)
    )
    return [Count(begin, kind, int(n)) for begin, kind, n in session.execute(query)]
