from __future__ import annotations

from sqlalchemy.orm import Session

from intervals import Share
from service.overview.scope import Scope
from service.overview.spot_checks import passes_overturned
from service.tables import User
from tests.service.overview.rows import LAST_DAY, NOON, add_post, add_review, ago, counted


def test_passes_with_a_denied_hashtag_are_overturned(session: Session, mina: User) -> None:
    for answer in ("relevant", "relevant", "unverifiable", "irrelevant"):
        post = add_post(session, ago(hours=1), {"cafe": "relevant"})
        add_review(session, post, mina, {"cafe": answer}, kind="spot_check")
    found = passes_overturned(counted(session), LAST_DAY)
    assert found.total == Share(1, 4)
    assert found.by_category == {"cafe": Share(1, 4)}
    assert found.by_version == {("b-1", "r-1"): Share(1, 4)}


def test_only_spot_checks_that_stand_count(session: Session, mina: User) -> None:
    post = add_post(session, ago(hours=1), {"cafe": "relevant"})
    add_review(session, post, mina, {"cafe": "irrelevant"})
    add_review(session, post, mina, {"cafe": "irrelevant"}, kind="double")
    add_review(session, post, mina, {"cafe": "irrelevant"}, kind="spot_check", undone_at=NOON)
    old = add_post(session, ago(hours=25), {"cafe": "relevant"})
    add_review(session, old, mina, {"cafe": "irrelevant"}, kind="spot_check")
    assert passes_overturned(counted(session), LAST_DAY).total == Share(0, 0)


def test_a_category_is_overturned_by_its_own_hashtags(session: Session, mina: User) -> None:
    post = add_post(session, ago(hours=1), {"cafe": "relevant", "pet": "relevant"})
    add_review(session, post, mina, {"cafe": "relevant", "pet": "irrelevant"}, kind="spot_check")
    assert passes_overturned(counted(session), LAST_DAY).by_category == {
        "cafe": Share(0, 1),
        "pet": Share(1, 1),
    }
    cafes = passes_overturned(counted(session), Scope(LAST_DAY.period, NOON, "cafe"))
    assert cafes.total == Share(0, 1)
