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


@dataclass(frozen=True)
class Ages:
    """``counts`` are open cases by age, one for each of ``BOUNDS``; ``oldest`` waits longest."""

    counts: Sequence[int]
    oldest: timedelta | None

    @property
    def total(self) -> int:
        """How many cases are open."""
        return sum(self.counts)


def ages(session: Session, scope: Scope, now: datetime) -> Ages:
    """Ages of the cases that are open now, of the scope's category; its period does not matter."""
    upto = [now - bound for bound in BOUNDS]
    since = [*upto[1:], None]
    columns = [
        func.count().filter(Case.opened_at <= until, *([Case.opened_at > after] if after else []))
        for until, after in zip(upto, since, strict=True)
    ]
    row = session.execute(
        select(func.min(Case.opened_at), *columns).where(
            Case.closed_at.is_(None), scope.about(Case.post_id), Case.opened_at <= now
        )
    ).one()
    oldest, *counts = row
    return Ages([int(count) for count in counts], now - oldest if oldest else None)
