"""A case that goes from one person's hands into another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts import disable
from service.cases import open_case, take, take_next
from service.cases.hand_over import (
    ANSWERING,
    KEPT_FOR,
    LONGEST_NOTE,
    HandOverError,
    colleagues,
    hand_over,
    handed,
)
from service.console.frame.access import GRANTED, Permission
from service.parts import Parts
from service.posts.delete import delete_post
from service.settlement import LeaseLostError, answer, correct
from service.tables import AuditEntry, Case, Post, User
from tests.service.cases.conftest import LEASE, case_of
from tests.service.console.rows import add_post


@pytest.fixture
def case(parts: Parts, session: Session, mina: User) -> Case:
    """A case that Mina holds, and another that is more urgent."""
    row = add_post(parts, "p-1", {"a": "irrelevant"})
    add_post(parts, "p-2", {"a": "irrelevant"}, reach=1000)
    found = case_of(session, row)
    take(session, [found.id], mina.id, LEASE)
    session.commit()
    return found


def _next(session: Session, user: User) -> str:
    found = take_next(session, user.id, LEASE)
    name = found.post.external_id if found else ""
    session.rollback()
    return name


def test_it_leaves_one_queue_and_is_first_in_the_other(
    session: Session, mina: User, ada: User, case: Case
) -> None:
    hand_over(session, case.id, mina, ada.id, "is this a shop?")
    session.commit()
    assert _next(session, ada) == "p-1"
    assert _next(session, mina) == "p-2"
    assert take(session, [case.id], mina.id, LEASE) == []
    who = handed(session, case)
    assert who is not None
    assert (who.by, who.to, who.note) == ("mina", "ada", "is this a shop?")


def test_the_log_says_who_and_to_whom_and_not_the_note(
    session: Session, mina: User, ada: User, case: Case
) -> None:
    hand_over(session, case.id, mina, ada.id, "is this a shop?")
    session.commit()
    query = select(AuditEntry).where(AuditEntry.action == "case.handed_over")
    entry = session.scalars(query).one()
    assert (entry.actor, entry.subject) == ("mina", "post:p-1@1")
    assert entry.details == {"case": case.id, "to": "ada", "note": True}


def test_it_can_be_handed_back(session: Session, mina: User, ada: User, case: Case) -> None:
    hand_over(session, case.id, mina, ada.id)
    take(session, [case.id], ada.id, LEASE)
    hand_over(session, case.id, ada, mina.id)
    session.commit()
    assert _next(session, mina) == "p-1"


def test_whoever_got_it_answers_it(
    parts: Parts, session: Session, mina: User, ada: User, case: Case
) -> None:
    hand_over(session, case.id, mina, ada.id)
    take(session, [case.id], ada.id, LEASE)
    assert answer(session, case, ada, {"a": "relevant"}, parts.config).user_id == ada.id


def test_nobody_else_answers_it_from_a_list(
    parts: Parts, session: Session, mina: User, ada: User, case: Case
) -> None:
    hand_over(session, case.id, mina, ada.id)
    with pytest.raises(LeaseLostError):
        correct(session, case.post, mina, {"a": "relevant"}, parts.config)


def test_it_waits_for_nobody_who_is_away_or_disabled(
    session: Session, mina: User, ada: User, case: Case
) -> None:
    hand_over(session, case.id, mina, ada.id)
    disable(session, "ada")
    assert take(session, [case.id], mina.id, LEASE) == [case]
    ada.disabled_at, case.holder_id, case.leased_until = None, None, None
    session.flush()
    assert take(session, [case.id], mina.id, LEASE) == []
    case.handed_at = datetime.now(UTC) - KEPT_FOR - timedelta(minutes=5)
    session.flush()
    assert take(session, [case.id], mina.id, LEASE) == [case]


@pytest.mark.parametrize("kind", ["double", "control"])
def test_who_may_not_have_a_blind_case_does_not_get_it_and_nobody_is_told(
    parts: Parts, session: Session, mina: User, ada: User, kind: str
) -> None:
    post = session.get_one(Post, add_post(parts, "p-1", {"a": "relevant"}))
    only = mina.id if kind == "control" else None
    blind = open_case(session, post, kind, 1.0, not_for=[ada.id], for_id=only)
    take(session, [blind.id], mina.id, LEASE)
    assert ada in colleagues(session, mina.id)
    hand_over(session, blind.id, mina, ada.id)
    assert (blind.handed_to_id, blind.holder_id) == (None, None)
    assert take_next(session, ada.id, LEASE) is None


def test_only_what_one_holds_is_handed_over_and_only_once(
    session: Session, mina: User, ada: User, case: Case
) -> None:
    hand_over(session, case.id, mina, ada.id)
    with pytest.raises(HandOverError, match="not this person's"):
        hand_over(session, case.id, mina, ada.id)


def test_a_deleted_post_cannot_be_handed_over_and_its_note_is_gone(
    session: Session, mina: User, ada: User, case: Case
) -> None:
    row = case.id
    delete_post(session, "p-1")
    session.commit()
    with pytest.raises(HandOverError):
        hand_over(session, row, mina, ada.id)
    assert session.scalars(select(Case.id).where(Case.id == row)).all() == []


def test_nobody_gets_it_who_cannot_answer(
    session: Session, mina: User, ada: User, case: Case
) -> None:
    for change in ({"role": "analyst"}, {"role": "moderator", "disabled_at": datetime.now(UTC)}):
        for name, value in change.items():
            setattr(ada, name, value)
        session.flush()
        assert colleagues(session, mina.id) == []
        with pytest.raises(HandOverError):
            hand_over(session, case.id, mina, ada.id)
    with pytest.raises(HandOverError):
        hand_over(session, case.id, mina, mina.id)


def test_a_note_is_bounded(session: Session, mina: User, ada: User, case: Case) -> None:
    with pytest.raises(HandOverError):
        hand_over(session, case.id, mina, ada.id, "n" * (LONGEST_NOTE + 1))


def test_those_who_answer_are_those_who_may() -> None:
    assert {role for role, may in GRANTED.items() if Permission.SETTLE in may} == set(ANSWERING)
