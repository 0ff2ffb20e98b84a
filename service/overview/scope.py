"""The scope of the figures: which posts, and which period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import ColumnElement, and_, exists, true
from sqlalchemy.orm import InstrumentedAttribute

from service.tables import Verdict

Moment = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Period:
    """A choice of how far to look back, and how long each column of a chart is."""

    name: str
    step: timedelta
    count: int


PERIODS = {
    period.name: period
    for period in (
        Period("24h", timedelta(hours=1), 24),
        Period("7d", timedelta(hours=6), 28),
        Period("30d", DAY, 30),
    )
}
USUAL = PERIODS["24h"]


@dataclass(frozen=True)
class Scope:
    """The time from ``start`` until ``end``, divided into equal steps; of one category, or of all.

    ``start`` and ``end`` are whole steps of the reader's clock, which is ``ahead`` of UTC, so the
    last step is the one that still runs. Where clocks were changed in between, earlier steps keep
    to the clock of the end. Figures are counted by the hour of UTC, so where a clock is half an
    hour apart, days begin at half past.
    """

    period: Period
    end: datetime
    category: str | None = None
    ahead: timedelta = timedelta(0)

    @property
    def start(self) -> datetime:
        """When the first step begins."""
        return self.end - self.period.count * self.period.step

    @property
    def starts(self) -> Sequence[datetime]:
        """When each step begins."""
        return [self.start + number * self.period.step for number in range(self.period.count)]

    def clock(self, moment: datetime) -> datetime:
        """What the reader's clock shows at a moment."""
        return moment.astimezone(timezone(self.ahead))

    def within(self, moment: Moment) -> ColumnElement[bool]:
        """The condition that a moment lies in the period."""
        return and_(moment >= self.start, moment < self.end)

    def about(
        self, post_id: ColumnElement[int] | InstrumentedAttribute[int]
    ) -> ColumnElement[bool]:
        """The condition that a post has a hashtag of the category; always true if none is
        chosen.
        """
        if self.category is None:
            return true()
        return exists().where(Verdict.post_id == post_id, Verdict.category == self.category)


def scope_of(
    period: str | None, category: str | None, now: datetime, ahead: timedelta = timedelta(0)
) -> Scope:
    """The scope that an address asks for, until the end of the step that runs now.

    A period that is not known is the usual one; an empty category is all of them. What no text
    of PostgreSQL can hold is left out of a category.
    """
    category = (category or "").replace("\x00", "")
    chosen = PERIODS.get(period or "", USUAL)
    first = EPOCH - ahead // HOUR * HOUR
    steps = (now - first) // chosen.step + 1
    return Scope(chosen, first + steps * chosen.step, category or None, ahead)
