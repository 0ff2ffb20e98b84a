from __future__ import annotations

from sqlalchemy.orm import Session

from intervals import Share
from service.overview.labels import labels_before, labels_now
from service.overview.scope import PERIODS, Scope
from service.tables import Image
from tests.service.overview.rows import LAST_DAY, NOON, add_post, ago, counted

LABELS = ["food", "sea"]


def test_photographs_with_a_true_label_are_counted_by_day(session: Session) -> None:
    add_post(session, ago(hours=3), photographs=[{"food": True, "sea": False}, {"food": None}])
    add_post(session, ago(hours=2), photographs=[{"food": True}])
    add_post(session, ago(days=1, hours=1), photographs=[{"food": False, "sea": True}])
    add_post(session, ago(days=28, hours=1), photographs=[{"sea": True}])
    add_post(session, ago(days=30), photographs=[{"sea": True}])
    now = labels_now(counted(session), LAST_DAY, "b-1", LABELS)
    assert now.shares == {"food": [Share(2, 3)], "sea": [Share(0, 3)]}
    assert now.days == [ago(days=1)]
    before = labels_before(counted(session), LAST_DAY, "b-1", LABELS)
    assert len(before.days) == 28
    assert before.shares["sea"] == [Share(1, 1)] + [Share(0, 0)] * 26 + [Share(1, 1)]
    assert before.days[0] == ago(days=29)


def test_what_another_bundle_saw_is_not_compared(session: Session) -> None:
    add_post(session, ago(hours=3), photographs=[{"food": True}], bundle="b-0")
    add_post(session, ago(hours=3), photographs=[{"food": False}])
    assert labels_now(counted(session), LAST_DAY, "b-1", ["food"]).shares == {"food": [Share(0, 1)]}


def test_photographs_that_could_not_be_read_do_not_count(session: Session) -> None:
    post = add_post(session, ago(hours=3), photographs=[{"food": True}, {"food": True}])
    post.images[0].labels = None
    post.images.append(Image(position=2))
    session.flush()
    assert labels_now(counted(session), LAST_DAY, "b-1", ["food"]).shares == {"food": [Share(1, 1)]}


def test_a_longer_period_has_a_share_for_each_of_its_days(session: Session) -> None:
    add_post(session, ago(days=6, hours=1), photographs=[{"food": True}])
    week = labels_now(counted(session), Scope(PERIODS["7d"], NOON), "b-1", ["food"])
    assert week.shares["food"] == [Share(1, 1)] + [Share(0, 0)] * 6


def test_a_category_leaves_the_others_photographs_out(session: Session) -> None:
    add_post(session, ago(hours=3), {"pet": "relevant"}, [{"food": True}])
    add_post(session, ago(hours=3), {"gym": "relevant"}, [{"food": False}])
    pets = Scope(LAST_DAY.period, NOON, "pet")
    assert labels_now(counted(session), pets, "b-1", ["food"]).shares == {"food": [Share(1, 1)]}
