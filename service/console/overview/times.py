"""How moments and durations are written below a chart."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_skeleton, format_timedelta
from flask_babel import get_locale

from service.console.overview.charts import ChartPlace
from service.overview.scope import DAY, Scope

HOURS = {"24h": 3, "7d": 24}
EVERY_DAYS = 5


def places(scope: Scope) -> list[ChartPlace]:
    """The steps of a scope as places along an axis."""
    return [_place(scope, number, start) for number, start in enumerate(scope.starts)]


def date(moment: datetime) -> str:
    """A day by the clock that a moment carries, without its year."""
    return str(format_skeleton("MMMd", moment, locale=get_locale()))


def lasts(time: timedelta) -> str:
    """A duration in one unit, of which there are at least two."""
    return format_timedelta(time, threshold=2, locale=get_locale())


def bound(time: timedelta) -> str:
    """A duration that is a round number of its unit, as short as an axis needs it."""
    return format_timedelta(time, threshold=1, format="short", locale=get_locale()) if time else "0"


def _place(scope: Scope, number: int, start: datetime) -> ChartPlace:
    shown = scope.clock(start)
    if scope.period.step >= DAY:
        tick = date(shown) if number % EVERY_DAYS == 0 else ""
        return ChartPlace(date(shown), tick, minor=number % (2 * EVERY_DAYS) != 0)
    name = f"{date(shown)} {shown:%H:%M}"
    every = HOURS[scope.period.name]
    if shown.hour % every:
        return ChartPlace(name)
    if every < DAY // timedelta(hours=1):
        return ChartPlace(name, f"{shown:%H:%M}", minor=shown.hour % (2 * every) != 0)
    return ChartPlace(name, date(shown), minor=shown.day % 2 != 0)
