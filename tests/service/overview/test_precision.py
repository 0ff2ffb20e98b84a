from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.orm import Session

from intervals import Share
from service.cases import open_case, take
from service.overview.precision import flags_confirmed
from service.overview.scope import Scope, scope_of
from service.parts import Parts
from service.settlement import answer, undo
from service.tables import User
from tests.service.overview.rows import LAST_DAY, NOON, add_post, ago, counted, settle


def test_flags_that_stay_flags_are_confirmed(session: Session) -> None:
    for number in range(5):
        post = add_post(session, ago(hours=1), {"cafe": "irrelevant"})
        settle(post, {"cafe": "relevant" if number == 0 else "irrelevant"})
    found = flags_confirmed(counted(session), LAST_DAY)
    assert found.total == Share(4, 5)
    assert found.by_category == {"cafe": Share(4, 5)}
    assert found.by_version == {("b-1", "r-1"): Share(4, 5)}


def test_only_flags_that_a_person_settled_count(session: Session) -> None:
    add_post(session, ago(hours=1), {"cafe": "irrelevant"})
    settle(add_post(session, ago(hours=1), {"cafe": "uncertain"}), {"cafe": "irrelevant"})
    settle(add_post(session, ago(hours=1), {"cafe": "relevant"}), {"cafe": "irrelevant"})
    settle(add_post(session, ago(hours=25), {"cafe": "irrelevant"}), {})
    settle(add_post(session, ago(hours=1), {"cafe": "irrelevant"}, state="superseded"), {})
    found = flags_confirmed(counted(session), LAST_DAY)
    assert found.total == Share(0, 0)
    assert found.by_category == {}


def test_an_appeal_that_was_granted_is_a_flag_that_was_wrong(session: Session) -> None:
    post = add_post(session, ago(hours=1), {"cafe": "irrelevant"})
    settle(post, {"cafe": "relevant"}, by="appeal")
    assert flags_confirmed(counted(session), LAST_DAY).total == Share(0, 1)


def test_a_post_counts_once_for_each_category_and_once_in_all(session: Session) -> None:
    post = add_post(
        session, ago(hours=1), {"cafe": "irrelevant", "pet": "irrelevant", "gym": "relevant"}
    )
    settle(post, {"cafe": "relevant"})
    found = flags_confirmed(counted(session), LAST_DAY)
    assert found.by_category == {"cafe": Share(0, 1), "pet": Share(1, 1)}
    assert found.total == Share(1, 1)
    cafes = flags_confirmed(counted(session), Scope(LAST_DAY.period, NOON, "cafe"))
    assert cafes.total == Share(0, 1)
    assert cafes.by_category == {"cafe": Share(0, 1)}


def test_bundles_and_rulesets_are_told_apart(session: Session) -> None:
    for bundle, ruleset, answers in [
        ("b-1", "r-1", {}),
        ("b-1", "r-2", {"cafe": "relevant"}),
        ("b-2", "r-2", {}),
        ("b-2", "r-2", {"cafe": "relevant"}),
    ]:
        post = add_post(
            session, ago(hours=1), {"cafe": "irrelevant"}, bundle=bundle, ruleset=ruleset
        )
        settle(post, answers)
    assert flags_confirmed(counted(session), LAST_DAY).by_version == {
        ("b-1", "r-1"): Share(1, 1),
        ("b-1", "r-2"): Share(0, 1),
        ("b-2", "r-2"): Share(1, 2),
    }


def test_what_was_undone_does_not_count(session: Session, parts: Parts, mina: User) -> None:
    now = session.scalar(func.now())
    post = add_post(session, now, {"cafe": "irrelevant"})
    case = open_case(session, post, "review", 1.0)
    scope = scope_of("24h", None, now)
    assert take(session, [case.id], mina.id, timedelta(minutes=2))
    review = answer(session, case, mina, {"cafe": "relevant"}, parts.config)
    assert flags_confirmed(counted(session), scope).total == Share(0, 1)
    undo(session, review, mina, parts.config)
    assert flags_confirmed(counted(session), scope).total == Share(0, 0)
