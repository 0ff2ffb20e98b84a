"""Figures by time step and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.hourly.read import by_kind
from service.overview.scope import Scope


@dataclass(frozen=True)
class Step:
    """What happened from ``start`` on, until the next step: how often, by kind."""

    start: datetime
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How often anything happened."""
        return sum(self.counts.values())


def by_step(session: Session, scope: Scope, figure: str) -> list[Step]:
    """One of the hourly figures, of the scope's category, by step and kind.

    Returns:
        every step of the scope, in order, with no kinds where nothing happened.
    """
    found = by_kind(session, figure, scope.category, scope.start, scope.end, scope.period.step)
    counts: dict[datetime, dict[str, int]] = {start: {} for start in scope.starts}
    for count in found:
        counts[count.start][count.kind] = count.n
    return [Step(start, kinds) for start, kinds in counts.items()]
