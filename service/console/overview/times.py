"""How moments and durations are written below a chart."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_skeleton, format_timedelta
from flask_babel import format_datetime, get_locale

from service.console.overview.charts import Place
from service.overview.scope import DAY, Scope

HOURS = {"24h": 3, "7d": 24}
EVERY_DAYS = 5


def places(scope: Scope) -> list[Place]:
    """The steps of a scope as places along an axis."""
    return [_place(scope, number, start) for number, start in enumerate(scope.starts)]


def date(moment: datetime) -> str:
    """A day, without its year."""
    return str(format_skeleton("MMMd", moment, locale=get_locale()))


def lasts(time: timedelta) -> str:
    """A duration in one unit, of which there are at least two."""
    return format_timedelta(time, threshold=2, locale=get_locale())


def bound(time: timedelta) -> str:
    """A duration that is a round number of its unit, as short as an axis needs it."""
    return format_timedelta(time, threshold=1, format="short", locale=get_locale()) if time else "0"


def _place(scope: Scope, number: int, start: datetime) -> Place:
    name = str(format_datetime(start, "short")) if scope.period.step < DAY else date(start)
    if scope.period.step >= DAY:
        shown = number % EVERY_DAYS == 0
        return Place(name, date(start) if shown else "", minor=number % (2 * EVERY_DAYS) != 0)
    every = HOURS[scope.period.name]
    if (start.hour % every) != 0:
        return Place(name)
    if every < DAY // timedelta(hours=1):
        return Place(name, f"{start:%H:%M}", minor=start.hour % (2 * every) != 0)
    return Place(name, date(start), minor=start.day % 2 != 0)
