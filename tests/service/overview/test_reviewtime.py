from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.overview.reviewtime import BOUNDS_SECONDS, review_times
from service.overview.scope import Scope
from service.tables import User
from tests.service.overview.rows import LAST_DAY, NOON, add_post, add_review, ago


def test_reviews_are_counted_by_seconds(session: Session, mina: User) -> None:
    post = add_post(session, ago(hours=1))
    for seconds in (0, 4.9, 5, 30, 600):
        add_review(session, post, mina, {}, seconds=seconds)
    found = review_times(session, LAST_DAY)
    assert dict(zip(BOUNDS_SECONDS, found.counts, strict=True)) == {
        0: 2,
        5: 1,
        10: 0,
        20: 1,
        40: 0,
        60: 0,
        120: 1,
    }
    assert found.total == 5
    assert found.median == 5
    assert found.quantiles
    assert list(found.quantiles) == pytest.approx([4.9, 5, 30, 372])


def test_reviews_that_were_undone_untimed_or_given_earlier_do_not_count(
    session: Session, mina: User
) -> None:
    post = add_post(session, ago(hours=30))
    add_review(session, post, mina, {}, seconds=7, created_at=ago(hours=1))
    add_review(session, post, mina, {}, seconds=60, created_at=ago(hours=1), undone_at=NOON)
    add_review(session, post, mina, {}, seconds=None, created_at=ago(hours=1))
    add_review(session, post, mina, {}, seconds=60)
    found = review_times(session, LAST_DAY)
    assert (found.total, found.median) == (1, 7)


def test_without_a_review_there_is_no_median(session: Session) -> None:
    found = review_times(session, LAST_DAY)
    assert (found.total, found.median) == (0, None)


def test_a_category_leaves_the_others_reviews_out(session: Session, mina: User) -> None:
    for category, seconds in (("pet", 3), ("gym", 9)):
        post = add_post(session, ago(hours=1), {category: "uncertain"})
        add_review(session, post, mina, {}, seconds=seconds)
    assert review_times(session, Scope(LAST_DAY.period, NOON, "pet")).median == 3
