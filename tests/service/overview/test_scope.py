from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.overview.scope import Scope, scope_of
from tests.service.overview.rows import LAST_DAY, NOON


@pytest.mark.parametrize(
    ("period", "step", "start", "end"),
    [
        ("24h", timedelta(hours=1), "2026-11-19T13:00", "2026-11-20T13:00"),
        ("7d", timedelta(hours=6), "2026-11-13T18:00", "2026-11-20T18:00"),
        ("30d", timedelta(days=1), "2026-10-22T00:00", "2026-11-21T00:00"),
    ],
)
def test_a_period_ends_with_the_step_that_runs_now(
    period: str, step: timedelta, start: str, end: str
) -> None:
    scope = scope_of(period, None, NOON + timedelta(minutes=20))
    assert scope.period.step == step
    assert f"{scope.start:%Y-%m-%dT%H:%M}" == start
    assert f"{scope.end:%Y-%m-%dT%H:%M}" == end
    assert scope.starts[-1] + step == scope.end


@pytest.mark.parametrize(
    ("hours", "start"), [(9, "2026-10-21T15:00"), (-5, "2026-10-22T05:00"), (0, "2026-10-22T00:00")]
)
def test_days_begin_when_the_readers_do(hours: int, start: str) -> None:
    scope = scope_of("30d", None, NOON, timedelta(hours=hours))
    assert f"{scope.start:%Y-%m-%dT%H:%M}" == start
    assert f"{scope.clock(scope.start):%H:%M}" == "00:00"
    assert NOON < scope.end <= NOON + timedelta(days=1)


@pytest.mark.parametrize("period", [None, "", "year"])
def test_a_period_that_nobody_knows_is_a_day(period: str | None) -> None:
    assert scope_of(period, "", NOON) == Scope(LAST_DAY.period, NOON + timedelta(hours=1))


def test_a_year_that_turns_is_no_matter() -> None:
    scope = scope_of("24h", None, datetime(2027, 1, 1, 0, 30, tzinfo=UTC))
    assert scope.start == datetime(2026, 12, 31, 1, tzinfo=UTC)
