"""Several cases that change hands at once, and come back at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts import create
from service.cases import take, take_next
from service.cases.hand_over import HandOverError, handed
from service.cases.hand_over_together import hand_over_together, take_back
from service.parts import Parts
from service.tables import AuditEntry, Case, User
from tests.service.cases.conftest import LEASE, case_of
from tests.service.console.rows import add_post


@pytest.fixture
def cases(parts: Parts, session: Session) -> list[Case]:
    """Two cases, and a third that is more urgent."""
    rows = [add_post(parts, name, {"a": "irrelevant"}) for name in ("p-1", "p-2")]
    add_post(parts, "p-3", {"a": "irrelevant"}, reach=1000)
    return [case_of(session, row) for row in rows]


def _next(session: Session, user: User) -> str:
    found = take_next(session, user.id, LEASE)
    name = found.post.external_id if found else ""
    session.rollback()
    return name


def test_all_of_them_come_first_in_the_others_queue(
    session: Session, mina: User, ada: User, cases: list[Case]
) -> None:
    ids = [case.id for case in cases]
    assert hand_over_together(session, ids, mina, ada.id, "shops?", LEASE) == ids
    session.commit()
    assert _next(session, ada) == "p-1"
    assert _next(session, mina) == "p-3"
    assert [(who.to, who.note) for case in cases if (who := handed(session, case))] == [
        ("ada", "shops?")
    ] * 2
    entries = session.scalars(
        select(AuditEntry.action).where(AuditEntry.actor == "mina").order_by(AuditEntry.id)
    ).all()
    assert entries == ["case.handed_over"] * 2


def test_they_come_back_as_they_were(
    session: Session, mina: User, ada: User, cases: list[Case]
) -> None:
    ids = [case.id for case in cases]
    hand_over_together(session, ids, mina, ada.id, "", LEASE)
    assert take_back(session, ids, mina) == ids
    session.commit()
    assert _next(session, ada) == "p-3"
    assert [(case.handed_to_id, case.handed_note, case.set_aside) for case in cases] == [
        (None, None, [])
    ] * 2
    assert take_back(session, ids, mina) == []
    entries = session.scalars(
        select(AuditEntry.action).where(AuditEntry.actor == "mina").order_by(AuditEntry.id)
    ).all()
    assert entries[2:] == ["case.taken_back"] * 2


def test_what_somebody_has_open_stays_theirs(
    session: Session, mina: User, ada: User, cases: list[Case]
) -> None:
    first, second = cases
    take(session, [first.id], ada.id, LEASE)
    assert hand_over_together(session, [first.id, second.id], mina, ada.id, "", LEASE) == [
        second.id
    ]
    take(session, [second.id], ada.id, LEASE)
    assert take_back(session, [first.id, second.id], mina) == []
    with pytest.raises(HandOverError, match="Somebody else holds"):
        hand_over_together(session, [first.id, second.id], mina, ada.id, "", LEASE)


def test_nobody_takes_back_what_another_handed_over(
    session: Session, mina: User, ada: User, cases: list[Case]
) -> None:
    ids = [case.id for case in cases]
    hand_over_together(session, ids, mina, ada.id, "", LEASE)
    assert take_back(session, ids, create(session, "zoe")[0]) == []


def test_of_many_who_hand_over_at_once_each_case_is_handed_once(
    parts: Parts, session: Session, ada: User, cases: list[Case]
) -> None:
    people = [create(session, f"mina{number}")[0].id for number in range(6)]
    ids = [case.id for case in cases]
    session.commit()

    def hand_over(user_id: int) -> int:
        with parts.sessions.begin() as own:
            try:
                user = own.get_one(User, user_id)
                return len(hand_over_together(own, ids, user, ada.id, "", LEASE))
            except HandOverError:
                return 0

    with ThreadPoolExecutor(len(people)) as pool:
        assert sum(pool.map(hand_over, people)) == len(ids)
    entries = session.scalars(
        select(AuditEntry.subject).where(AuditEntry.action == "case.handed_over")
    )
    assert sorted(entries) == ["post:p-1@1", "post:p-2@1"]
