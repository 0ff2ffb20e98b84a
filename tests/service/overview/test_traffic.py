from __future__ import annotations

from sqlalchemy.orm import Session

from service.overview.scope import Scope
from service.overview.traffic import posts_by_decision
from tests.service.overview.rows import LAST_DAY, NOON, add_post, ago, counted, settle


def test_posts_are_counted_by_hour_and_decision(session: Session) -> None:
    add_post(session, ago(hours=2), {"cafe": "relevant"})
    add_post(session, ago(hours=1, minutes=1), {"cafe": "relevant"})
    add_post(session, ago(hours=1, minutes=1), {"cafe": "uncertain"})
    add_post(session, ago(minutes=1), {"cafe": "irrelevant", "pet": "uncertain"})
    steps = posts_by_decision(counted(session), LAST_DAY)
    assert len(steps) == 24
    assert [step.counts for step in steps[-3:]] == [{}, {"pass": 2, "review": 1}, {"flag": 1}]
    assert [step.start for step in steps[-2:]] == [ago(hours=2), ago(hours=1)]
    assert sum(step.total for step in steps) == 4


def test_what_a_person_answered_leaves_the_models_decision(session: Session) -> None:
    flagged = add_post(session, ago(minutes=1), {"cafe": "irrelevant", "pet": "uncertain"})
    doubtful = add_post(session, ago(minutes=1), {"cafe": "uncertain"})
    passed = add_post(session, ago(minutes=1), {"cafe": "relevant"})
    settle(flagged, {"cafe": "relevant", "pet": "relevant"})
    settle(doubtful, {"cafe": "irrelevant"})
    settle(passed, {"cafe": "irrelevant"})
    session.flush()
    assert posts_by_decision(counted(session), LAST_DAY)[-1].counts == {
        "flag": 1,
        "review": 1,
        "pass": 1,
    }


def test_posts_of_one_category_are_counted_by_the_posts_decision(session: Session) -> None:
    add_post(session, ago(minutes=1), {"cafe": "relevant", "pet": "irrelevant"})
    add_post(session, ago(minutes=1), {"pet": "relevant"})
    cafes = Scope(LAST_DAY.period, NOON, "cafe")
    assert posts_by_decision(counted(session), cafes)[-1].counts == {"flag": 1}


def test_before_any_post_every_step_is_empty(session: Session) -> None:
    steps = posts_by_decision(counted(session), LAST_DAY)
    assert len(steps) == 24
    assert not any(step.total for step in steps)
