from __future__ import annotations

from sqlalchemy.orm import Session

from service.overview.backlog import backlog
from service.overview.scope import Scope
from tests.service.overview.rows import LAST_DAY, NOON, add_case, add_post, ago, counted


def test_the_line_begins_with_what_was_open_and_goes_up_and_down(session: Session) -> None:
    add_case(session, ago(days=3))
    add_case(session, ago(days=3), closed=ago(days=2))
    add_case(session, ago(days=3), closed=ago(hours=23, minutes=30))
    add_case(session, ago(hours=2, minutes=30), closed=ago(minutes=5))
    add_case(session, ago(hours=2, minutes=20))
    steps = backlog(counted(session), LAST_DAY)
    assert [step.open for step in steps] == [1] * 21 + [3, 3, 2]
    assert [(step.opened, step.closed) for step in steps if step.opened or step.closed] == [
        (0, 1),
        (2, 0),
        (0, 1),
    ]


def test_the_last_of_the_line_is_what_is_open_now(session: Session) -> None:
    for hours in range(1, 60, 7):
        add_case(session, ago(hours=hours), closed=ago(hours=hours / 2) if hours % 2 else None)
    assert backlog(counted(session), LAST_DAY)[-1].open == 4


def test_a_category_leaves_the_others_cases_out(session: Session) -> None:
    add_case(session, ago(hours=5), post=add_post(session, ago(hours=5), {"pet": "uncertain"}))
    add_case(session, ago(days=5), post=add_post(session, ago(days=5), {"gym": "uncertain"}))
    pets = Scope(LAST_DAY.period, NOON, "pet")
    assert [step.open for step in backlog(counted(session), pets)][-6:] == [0, 1, 1, 1, 1, 1]
