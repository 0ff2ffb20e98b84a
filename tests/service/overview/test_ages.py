from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from service.overview.ages import BOUNDS, ages
from service.overview.scope import Scope
from tests.service.overview.rows import LAST_DAY, NOON, add_case, add_post, ago


def test_open_cases_are_counted_by_how_long_they_wait(session: Session) -> None:
    for minutes in (0, 14, 15, 59, 60):
        add_case(session, ago(minutes=minutes))
    add_case(session, ago(days=40))
    add_case(session, ago(days=50), closed=ago(days=1))
    found = ages(session, LAST_DAY, NOON)
    assert dict(zip(BOUNDS, found.counts, strict=True)) == {
        timedelta(0): 2,
        timedelta(minutes=15): 2,
        timedelta(hours=1): 1,
        timedelta(hours=4): 0,
        timedelta(hours=12): 0,
        timedelta(days=1): 0,
        timedelta(days=3): 1,
    }
    assert found.total == 6
    assert found.oldest == timedelta(days=40)


def test_where_nobody_waits_nothing_is_oldest(session: Session) -> None:
    found = ages(session, LAST_DAY, NOON)
    assert (found.total, found.oldest) == (0, None)


def test_a_category_leaves_the_others_cases_out(session: Session) -> None:
    add_case(session, ago(hours=5), post=add_post(session, ago(hours=5), {"pet": "uncertain"}))
    add_case(session, ago(days=5), post=add_post(session, ago(days=5), {"gym": "uncertain"}))
    found = ages(session, Scope(LAST_DAY.period, NOON, "pet"), NOON)
    assert (found.total, found.oldest) == (1, timedelta(hours=5))
