"""How long people look at a post before they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.tables import Review

BOUNDS_SECONDS = (0, 5, 10, 20, 40, 60, 120)
QUANTILES = (0.25, 0.5, 0.75, 0.9)
LOOKED_AT = 5_000  # the newest answers, of which the quantiles are exact to a percent


@dataclass(frozen=True)
class ReviewTimes:
    """``counts`` are reviews by seconds, one for each of ``BOUNDS_SECONDS``.

    ``quantiles`` are the seconds of ``QUANTILES``; None where nothing was answered.
    """

    counts: Sequence[int]
    quantiles: Sequence[float] | None

    @property
    def total(self) -> int:
        """How many answers were timed."""
        return sum(self.counts)

    @property
    def median(self) -> float | None:
        """Half of the answers took no longer, in seconds."""
        return self.quantiles[QUANTILES.index(0.5)] if self.quantiles else None


def review_times(session: Session, scope: Scope) -> ReviewTimes:
    """Seconds from taking a case to its answer, for answers in the period that were not undone.

    Of more than ``LOOKED_AT`` answers the newest are timed.
    """
    newest = (
        select(Review.seconds, Review.post_id)
        .where(
            scope.within(Review.created_at),
            Review.seconds.is_not(None),
            Review.undone_at.is_(None),
        )
        .order_by(Review.created_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    seconds = newest.c.seconds
    upper = [*BOUNDS_SECONDS[1:], None]
    columns = [
        func.count().filter(seconds >= least, *([seconds < most] if most else []))
        for least, most in zip(BOUNDS_SECONDS, upper, strict=True)
    ]
    quantiles = func.percentile_cont(list(QUANTILES)).within_group(seconds)
    query = select(quantiles, *columns).where(scope.about(newest.c.post_id))
    found, *counts = session.execute(query).one()
    return ReviewTimes([int(count) for count in counts], found)
