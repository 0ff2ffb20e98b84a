"""How long the open cases have waited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.tables import Case

# Each bound is where the next group begins.
BOUNDS = (
    timedelta(0),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=3),
)


LOOKED_AT = 10_000  # those that wait longest; with more than these, nobody reads the exact number


@dataclass(frozen=True)
class Ages:
    """``counts`` are open cases by age, one for each of ``BOUNDS``; ``oldest`` waits longest.

    Of more than ``LOOKED_AT`` open cases, those that wait longest are counted.
    """

    counts: Sequence[int]
    oldest: timedelta | None

    @property
    def total(self) -> int:
        """How many cases are open."""
        return sum(self.counts)


def ages(session: Session, scope: Scope, now: datetime) -> Ages:
    """Ages of the cases that are open now, of the scope's category; its period does not matter."""
    longest = (
        select(Case.opened_at, Case.post_id)
        .where(Case.closed_at.is_(None), Case.opened_at <= now)
        .order_by(Case.opened_at)
        .limit(LOOKED_AT)
        .subquery()
    )
    opened_at = longest.c.opened_at
    upto = [now - bound for bound in BOUNDS]
    since = [*upto[1:], None]
    columns = [
        func.count().filter(opened_at <= until, *([opened_at > after] if after else []))
        for until, after in zip(upto, since, strict=True)
    ]
    query = select(func.min(opened_at), *columns).where(scope.about(longest.c.post_id))
    oldest, *counts = session.execute(query).one()
    return Ages([int(count) for count in counts], now - oldest if oldest else None)
