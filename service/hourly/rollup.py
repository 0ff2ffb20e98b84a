"""Roll up: count the hours again in which something changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from service.hourly.count import FIGURES
from service.locks import Lock, try_lock
from service.parts import Parts
from service.tables import HourlyFigure, StaleHour

MOST_HOURS = 24  # of one transaction
KEPT = timedelta(days=60)  # the longest period of a page, and the four weeks before it
_INSERT = "INSERT INTO hourly_figures (hour, figure, category, kind, bundle, ruleset, n, hits) "


def roll_up(parts: Parts) -> int:
    """Bring the figures up to date, a limited number of hours at a time; called by the sweep.

    Returns:
        how many hours were counted.
    """
    with parts.sessions.begin() as session:
        return roll(session)


def roll(session: Session, most: int = MOST_HOURS) -> int:
    """Count some of the stale hours in the caller's transaction, the newest first.

    A change and its stale hour are committed together, and stale hours are removed before they are
    counted. A change that commits meanwhile leaves a stale hour of its own, so none is missed.

    Returns:
        how many hours were counted; 0 also if another process is counting.
    """
    if not try_lock(session, Lock.HOURS):
        return 0
    hours = _take(session, most)
    if not hours:
        return 0
    session.execute(delete(HourlyFigure).where(HourlyFigure.hour.in_(hours)))
    for figure in FIGURES:
        session.execute(text(_INSERT + figure), {"hours": list(hours)})
    return len(hours)


def _take(session: Session, most: int) -> Sequence[datetime]:
    newest = select(StaleHour.hour).distinct().order_by(StaleHour.hour.desc()).limit(most)
    hours = session.scalars(newest).all()
    session.execute(
        delete(StaleHour)
        .where(StaleHour.hour.in_(hours))
        .execution_options(synchronize_session=False)
    )
    return hours


def forget(session: Session) -> int:
    """Remove the figures of old hours, except for what says how many of their cases are still open.

    Returns:
        how many rows were removed.
    """
    old = HourlyFigure.hour < datetime.now(UTC) - KEPT
    is_open = (HourlyFigure.figure == "opened") & (HourlyFigure.hits > 0)
    removed = delete(HourlyFigure).where(old, ~is_open).returning(HourlyFigure.id)
    return len(session.scalars(removed.execution_options(synchronize_session=False)).all())
