from __future__ import annotations

from sqlalchemy.orm import Session

from service.overview.callbacks import callbacks_by_state
from service.overview.scope import Scope
from tests.service.overview.rows import LAST_DAY, NOON, add_delivery, add_post, ago, counted


def test_callbacks_are_counted_by_what_became_of_them(session: Session) -> None:
    post = add_post(session, ago(hours=3))
    for state in ("delivered", "delivered", "dead", "withdrawn"):
        add_delivery(session, post, state, ago(hours=3))
    add_delivery(session, post, "pending", ago(minutes=1))
    add_delivery(session, post, "dead", ago(days=2))
    steps = callbacks_by_state(counted(session), LAST_DAY)
    assert [step.counts for step in steps[-3:]] == [
        {"delivered": 2, "dead": 1, "withdrawn": 1},
        {},
        {"pending": 1},
    ]
    assert sum(step.total for step in steps) == 5


def test_a_category_leaves_the_others_callbacks_out(session: Session) -> None:
    for category, state in (("pet", "dead"), ("gym", "delivered")):
        post = add_post(session, ago(hours=1), {category: "relevant"})
        add_delivery(session, post, state, ago(hours=1))
    pets = Scope(LAST_DAY.period, NOON, "pet")
    assert callbacks_by_state(counted(session), pets)[-1].counts == {"dead": 1}
