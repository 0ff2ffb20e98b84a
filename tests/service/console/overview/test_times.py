from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from service.console.overview.times import bound, lasts, places
from service.overview.scope import PERIODS, Scope, scope_of
from tests.service.overview.rows import NOON


@pytest.mark.parametrize(
    ("language", "period", "ticks"),
    [
        ("en", "24h", ["12:00", "15:00", "18:00", "21:00", "00:00", "03:00", "06:00", "09:00"]),
        ("en", "7d", [f"Nov {day}" for day in range(14, 21)]),
        ("ko", "7d", [f"11월 {day}일" for day in range(14, 21)]),
        ("en", "30d", ["Oct 21", "Oct 26", "Oct 31", "Nov 5", "Nov 10", "Nov 15"]),
    ],
)
def test_the_axis_has_few_texts_at_round_times(
    app: Flask, language: str, period: str, ticks: list[str]
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        drawn = places(Scope(PERIODS[period], NOON))
    assert len(drawn) == PERIODS[period].count
    assert [place.tick for place in drawn if place.tick] == ticks
    assert 3 <= sum(bool(place.tick) and not place.minor for place in drawn) <= 4


def test_the_axis_is_by_the_readers_clock(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        drawn = places(scope_of("24h", None, NOON, timedelta(hours=9)))
    assert drawn[-1].name == "Nov 20 21:00"
    assert drawn[-1].tick == "21:00"


@pytest.mark.parametrize(
    ("language", "time", "long", "short"),
    [
        ("en", timedelta(0), "0 seconds", "0"),
        ("en", timedelta(minutes=15), "15 minutes", "15 min"),
        ("en", timedelta(hours=4), "4 hours", "4 hr"),
        ("ko", timedelta(hours=12), "12시간", "12시간"),
        ("en", timedelta(hours=47), "47 hours", "2 days"),
        ("ko", timedelta(days=3), "3일", "3일"),
    ],
)
def test_durations_are_written_in_one_unit(
    app: Flask, language: str, time: timedelta, long: str, short: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert (lasts(time), bound(time)) == (long, short)
