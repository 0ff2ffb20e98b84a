"""Posts whose right answer is known: where they come from, and who is shown them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from service.cases import open_case
from service.parts import Parts
from service.posts.delete import delete_post
from service.quality import controls
from service.quality.controls import MOST_WAITING, ControlError
from service.settlement import correct
from service.tables import AuditEntry, Control, Delivery, Post, User
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, Team, cases, only

NewTeam = Callable[..., Team]
Waiting = Callable[[str], int]

ALWAYS = 0.5  # one control after each other answer: half of what somebody sees


@pytest.fixture
def known(parts: Parts) -> Callable[[str], int]:
    """``known("c-1")``: a post that an analyst made a control; returns its row."""

    def make(name: str) -> int:
        row = add_post(parts, name, {"카페": "relevant"}, decided_by="moderator")
        with parts.sessions.begin() as session:
            controls.keep_control(session, row, {"카페": "relevant"}, "analyst")
        return row

    return make


def chosen(parts: Parts, analyst: Somebody, name: str) -> None:
    with parts.sessions.begin() as session:
        controls.choose(session, name, session.get_one(User, analyst.id))


def test_a_control_is_slipped_in_after_an_answer_for_that_person_only(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    people = team(control_share=ALWAYS)
    mina, jun = people("mina"), people("jun")
    row, case = known("c-1"), waiting("p-1")
    mina.answers(case)
    control = only(parts, kind="control")
    assert (control.post_id, control.for_id) == (row, mina.id)
    assert control.details == {"expected": {"카페": "relevant"}}
    assert control.priority == only(parts, id=case).priority
    assert jun.is_given() is None
    assert mina.is_given() == control.id


def test_an_answered_control_changes_and_sends_nothing_and_brings_no_other(
    parts: Parts, waiting: Waiting, known: Callable[[str], int]
) -> None:
    heard = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    mina = Team(Parts(**(vars(parts) | {"config": heard})), {"control_share": ALWAYS})("mina")
    row, _ = known("c-1"), known("c-2")
    mina.answers(waiting("p-1"))
    control = only(parts, kind="control")
    mina.answers(control.id, 카페="irrelevant")
    with parts.sessions() as session:
        post = session.get_one(Post, row)
        assert [verdict.verdict for verdict in post.verdicts] == ["relevant"]
        assert post.decision == "pass"
        assert len(session.scalars(select(Delivery)).all()) == 1
    assert len(cases(parts, kind="control")) == 1


def test_nobody_gets_the_same_control_twice_or_a_post_they_answered(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    people = team(control_share=ALWAYS, double_share=1.0)
    mina, jun = people("mina"), people("jun")
    row = known("c-1")
    mina.answers(waiting("p-1"))
    jun.answers(only(parts, kind="double").id)  # they agree, so p-1 becomes a control
    mina.answers(waiting("p-2"))
    jun.answers(only(parts, kind="double", closed_at=None).id)
    given = [(one.for_id, one.post_id) for one in cases(parts, kind="control")]
    assert sorted(given) == [(mina.id, row), (jun.id, row)]


@pytest.mark.slow
def test_the_share_of_controls_is_about_what_was_asked_for(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    mina = team(control_share=0.2)("mina")
    for number in range(30):
        known(f"c-{number}")
    for number in range(60):
        mina.answers(waiting(f"p-{number}"))
        for control in cases(parts, kind="control", closed_at=None):
            mina.answers(control.id)
    seen = len(cases(parts, kind="control"))
    assert seen == pytest.approx(15, abs=6)  # a fifth of 75


def test_controls_that_are_not_answered_do_not_pile_up(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    mina = team(control_share=ALWAYS)("mina")
    for number in range(MOST_WAITING + 3):
        known(f"c-{number}")
    for number in range(MOST_WAITING + 3):
        mina.answers(waiting(f"p-{number}"))
    assert len(cases(parts, kind="control")) == MOST_WAITING


def test_a_control_whose_post_was_answered_otherwise_since_is_not_shown(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    row = known("c-1")
    with parts.sessions.begin() as session:
        session.get_one(Post, row).verdicts[0].verdict = "irrelevant"
    team(control_share=ALWAYS)("mina").answers(waiting("p-1"))
    assert cases(parts, kind="control") == []


def test_a_post_that_is_being_answered_is_passed_over(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    busy, free = known("c-1"), known("c-2")
    mina = team(control_share=ALWAYS)("mina")
    with parts.sessions.begin() as elsewhere:
        elsewhere.get_one(Post, busy, with_for_update=True)
        mina.answers(waiting("p-1"))
        mina.answers(waiting("p-2"))
    assert [one.post_id for one in cases(parts, kind="control")] == [free]


def test_an_analyst_makes_a_settled_post_a_control_and_puts_it_aside_again(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(control_share=ALWAYS)
    mina, ana = people("mina"), people("ana", "analyst")
    row = add_post(parts, "c-1", {"카페": "relevant"}, decided_by="moderator")
    chosen(parts, ana, "c-1")
    mina.answers(waiting("p-1"))
    with parts.sessions.begin() as session:
        controls.put_aside(session, row, session.get_one(User, ana.id))
    assert only(parts, kind="control").closed_at is not None
    with parts.sessions() as session:
        assert controls.listed(session, 10) == []
        assert controls.counted(session).total() == 0
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        ours = [(one.actor, one.action, one.subject) for one in log if one.actor == "ana"]
    assert ours == [
        ("ana", "control.chosen", "post:c-1@1"),
        ("ana", "control.put_aside", "post:c-1@1"),
    ]


@pytest.mark.parametrize(("name", "why"), [("p-1", "unsettled"), ("p-9", "unknown")])
def test_only_a_post_that_a_person_settled_can_be_one(
    parts: Parts, team: NewTeam, waiting: Waiting, name: str, why: str
) -> None:
    waiting("p-1")
    with pytest.raises(ControlError, match=why):
        chosen(parts, team()("ana", "analyst"), name)


def test_a_post_that_is_no_control_cannot_be_put_aside(parts: Parts, team: NewTeam) -> None:
    ana = team()("ana", "analyst")
    with parts.sessions.begin() as session, pytest.raises(ControlError, match="none"):
        controls.put_aside(session, 7, session.get_one(User, ana.id))


def test_a_deleted_post_is_forgotten_as_a_control(
    parts: Parts, known: Callable[[str], int]
) -> None:
    known("c-1")
    with parts.sessions.begin() as session:
        delete_post(session, "c-1")
    with parts.sessions() as session:
        assert session.scalars(select(Control)).all() == []


def test_a_control_that_waits_is_taken_back_when_its_post_is_settled_otherwise(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    people = team(control_share=ALWAYS)
    mina, jun = people("mina"), people("jun")
    row = known("c-1")
    mina.answers(waiting("p-1"))
    _answer_anew(parts, jun, row, "relevant")
    assert only(parts, kind="control").closed_at is None  # what is known still stands
    _answer_anew(parts, jun, row, "irrelevant")
    assert only(parts, kind="control").closed_at is not None


def test_a_control_that_waits_is_taken_back_with_the_answer_it_came_from(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(control_share=ALWAYS)
    mina, jun = people("mina"), people("jun")
    case = waiting("c-1")
    review = jun.answers(case, 카페="relevant")
    chosen(parts, people("ana", "analyst"), "c-1")
    mina.answers(waiting("p-1"))
    assert only(parts, kind="control").post_id == only(parts, id=case).post_id
    jun.undoes(review)
    assert only(parts, kind="control").closed_at is not None


def test_a_control_that_waits_is_taken_back_when_an_appeal_is_answered(
    parts: Parts, team: NewTeam, waiting: Waiting, known: Callable[[str], int]
) -> None:
    people = team(control_share=ALWAYS)
    row = known("c-1")
    people("mina").answers(waiting("p-1"))
    with parts.sessions.begin() as session:
        appeal = open_case(session, session.get_one(Post, row), "appeal", 1.0).id
    people("jun").answers(appeal)
    assert only(parts, kind="control").closed_at is not None


def _answer_anew(parts: Parts, person: Somebody, row: int, verdict: str) -> None:
    with parts.sessions.begin() as session:
        post, user = session.get_one(Post, row), session.get_one(User, person.id)
        correct(session, post, user, {"카페": verdict}, person.config)
