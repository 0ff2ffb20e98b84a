"""How often each label was true in the photographs of each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intervals import Share
from service.hourly.read import by_kind
from service.overview.scope import DAY, Scope
from service.tables import HourlyFigure

BEFORE = timedelta(weeks=4)
EVERY_LABEL = ""  # the kind of the hourly figure that counts all photographs


@dataclass(frozen=True)
class LabelDays:
    """For each label, the share of photographs in which it is true, by days from ``start``."""

    start: datetime
    shares: Mapping[str, Sequence[Share]]

    @property
    def days(self) -> Sequence[datetime]:
        """When each day begins."""
        count = len(next(iter(self.shares.values()), ()))
        return [self.start + number * DAY for number in range(count)]


def labels_now(session: Session, scope: Scope, bundle: str, labels: Sequence[str]) -> LabelDays:
    """The days of the period. Only what the bundle saw counts: another one sees differently."""
    return _label_days(session, scope, scope.start, scope.end, bundle, labels)


def labels_before(session: Session, scope: Scope, bundle: str, labels: Sequence[str]) -> LabelDays:
    """The four weeks before the period, of the same bundle."""
    return _label_days(session, scope, scope.start - BEFORE, scope.start, bundle, labels)


def _label_days(
    session: Session,
    scope: Scope,
    start: datetime,
    end: datetime,
    bundle: str,
    labels: Sequence[str],
) -> LabelDays:
    mine = HourlyFigure.bundle == bundle
    counts = by_kind(session, "labels", scope.category, start, end, DAY, mine)
    found = {(count.start, count.kind): count.n for count in counts}
    days = [start + number * DAY for number in range((end - start) // DAY)]
    shares = {
        name: [Share(found.get((day, name), 0), found.get((day, EVERY_LABEL), 0)) for day in days]
        for name in labels
    }
    return LabelDays(start, shares)
