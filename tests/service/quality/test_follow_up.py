"""What an answer makes necessary."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from service.cases import open_case
from service.parts import Parts
from service.tables import Control, Delivery, Post
from tests.service.quality.people import Team, cases, only

NewTeam = Callable[..., Team]
Waiting = Callable[[str], int]


def decided(parts: Parts, case_id: int) -> tuple[str | None, str | None]:
    with parts.sessions() as session:
        post = session.get_one(Post, only(parts, id=case_id).post_id)
        return post.decision, post.decided_by


def controls(parts: Parts) -> list[Control]:
    with parts.sessions() as session:
        return list(session.scalars(select(Control)))


def test_by_default_nothing_follows_here(parts: Parts, team: NewTeam, waiting: Waiting) -> None:
    team()("mina").answers(waiting("p-1"))
    assert len(cases(parts)) == 1


def test_a_drawn_post_is_looked_at_again_by_somebody_else(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    mina = team(double_share=1.0)("mina")
    first = waiting("p-1")
    review = mina.answers(first)
    again = only(parts, kind="double")
    assert (again.post_id, again.review_id) == (only(parts, id=first).post_id, review)
    assert again.not_for == [mina.id]
    assert again.priority == only(parts, id=first).priority
    assert mina.is_given() is None


def test_the_second_look_changes_nothing(parts: Parts, team: NewTeam, waiting: Waiting) -> None:
    people = team(double_share=1.0)
    first = waiting("p-1")
    people("mina").answers(first, 카페="relevant")
    before = decided(parts, first)
    people("jun").answers(only(parts, kind="double").id, 카페="irrelevant")
    assert decided(parts, first) == before == ("pass", "moderator")


def test_two_who_agree_make_a_control_and_no_third_case(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(double_share=1.0)
    people("mina").answers(waiting("p-1"), 카페="relevant")
    people("jun").answers(only(parts, kind="double").id, 카페="relevant")
    assert cases(parts, kind="third") == []
    (control,) = controls(parts)
    assert control.origin == "agreed"
    assert control.expected == {"카페": "relevant", "맛집": "relevant"}


def test_a_disagreement_on_any_hashtag_goes_to_a_third_person_who_decides(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(double_share=1.0)
    mina, jun, sol = people("mina"), people("jun"), people("sol")
    first = waiting("p-1")
    mina.answers(first, 카페="irrelevant")
    second = jun.answers(only(parts, kind="double").id, 카페="relevant")
    third = only(parts, kind="third")
    assert third.not_for == sorted([mina.id, jun.id])
    assert third.review_id == second
    assert controls(parts) == []
    sol.answers(third.id, 카페="relevant")
    assert decided(parts, first) == ("pass", "moderator")
    (control,) = controls(parts)
    assert (control.origin, control.expected["카페"]) == ("third", "relevant")
    assert cases(parts, closed_at=None) == []


def test_a_passed_post_that_was_spot_checked_is_looked_at_again_too(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    case = waiting("p-1")
    with parts.sessions.begin() as session:
        post = session.get_one(Post, only(parts, id=case).post_id)
        spot_check = open_case(session, post, "spot_check", 1.0).id
    team(double_share=1.0)("mina").answers(spot_check)
    assert len(cases(parts, kind="double")) == 1


def test_an_answer_that_is_taken_back_takes_its_second_look_along(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    mina = team(double_share=1.0)("mina")
    mina.undoes(mina.answers(waiting("p-1")))
    assert only(parts, kind="double").closed_at is not None


def test_given_again_it_is_drawn_again(parts: Parts, team: NewTeam, waiting: Waiting) -> None:
    mina = team(double_share=1.0)("mina")
    case = waiting("p-1")
    mina.undoes(mina.answers(case))
    mina.answers(case, 카페="relevant")
    assert [one.closed_at is None for one in cases(parts, kind="double")] == [False, True]


def test_the_second_answer_taken_back_takes_the_third_case_along(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(double_share=1.0)
    jun = people("jun")
    people("mina").answers(waiting("p-1"))
    jun.undoes(jun.answers(only(parts, kind="double").id, 카페="relevant"))
    assert only(parts, kind="third").closed_at is not None
    assert only(parts, kind="double").closed_at is None


def test_the_first_answer_taken_back_takes_the_third_case_along(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(double_share=1.0)
    mina = people("mina")
    review = mina.answers(waiting("p-1"))
    people("jun").answers(only(parts, kind="double").id, 카페="relevant")
    mina.undoes(review)
    assert only(parts, kind="third").closed_at is not None


def test_a_newer_answer_is_compared_in_place_of_the_older(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(double_share=1.0)
    mina, jun = people("mina"), people("jun")
    case = waiting("p-1")
    mina.answers(case)
    with parts.sessions.begin() as session:
        post = session.get_one(Post, only(parts, id=case).post_id)
        again = open_case(session, post, "review", 1.0).id
    newer = jun.answers(again, 카페="relevant")
    double = only(parts, kind="double")
    assert double.review_id == newer
    assert double.not_for == sorted([mina.id, jun.id])


def test_a_second_look_tells_the_platform_nothing(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    heard = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    loud = Team(Parts(**(vars(parts) | {"config": heard})), {"double_share": 1.0})
    loud("mina").answers(waiting("p-1"))
    loud("jun").answers(only(parts, kind="double").id, 카페="relevant")
    with parts.sessions() as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


@pytest.mark.parametrize("role", ["analyst", "moderator"])
def test_somebody_alone_is_not_given_the_second_look(
    parts: Parts, team: NewTeam, waiting: Waiting, role: str
) -> None:
    people = team(double_share=1.0)
    mina = people("mina")
    people("other", role)
    mina.answers(waiting("p-1"))
    assert mina.is_given() is None


@pytest.mark.parametrize("who", ["first", "second"])
def test_an_agreement_that_is_taken_back_is_no_control_any_more(
    parts: Parts, team: NewTeam, waiting: Waiting, who: str
) -> None:
    people = team(double_share=1.0)
    mina, jun = people("mina"), people("jun")
    first = waiting("p-1")
    answered = {"first": mina.answers(first, 카페="relevant")}
    again = only(parts, kind="double").id
    answered["second"] = jun.answers(again, 카페="relevant")
    assert [control.origin for control in controls(parts)] == ["agreed"]
    {"first": mina, "second": jun}[who].undoes(answered[who])
    assert controls(parts) == []
    if who == "second":
        jun.answers(again, 카페="irrelevant")
        assert only(parts, kind="third").closed_at is None
        assert controls(parts) == []


def test_a_newer_answer_that_is_taken_back_leaves_the_second_look_of_the_older(
    parts: Parts, team: NewTeam, waiting: Waiting
) -> None:
    people = team(double_share=1.0)
    mina, jun, sol = people("mina"), people("jun"), people("sol")
    older = mina.answers(case := waiting("p-1"))
    with parts.sessions.begin() as session:
        post = session.get_one(Post, only(parts, id=case).post_id)
        again = open_case(session, post, "review", 1.0).id
    double = only(parts, kind="double").id
    jun.undoes(jun.answers(again, 카페="relevant"))
    assert only(parts, kind="double", closed_at=None).review_id == older
    sol.answers(double, 카페="relevant")
    assert only(parts, kind="third").closed_at is None


@pytest.mark.parametrize("kind", ["double", "third"])
def test_a_look_at_what_was_taken_back_is_not_open_again(
    parts: Parts, team: NewTeam, waiting: Waiting, kind: str
) -> None:
    people = team(double_share=1.0)
    mina, jun, sol = people("mina"), people("jun"), people("sol")
    first = mina.answers(waiting("p-1"))
    second = jun.answers(only(parts, kind="double").id, 카페="relevant")
    if kind == "double":
        mina.undoes(first)
        jun.undoes(second)
    else:
        third = sol.answers(only(parts, kind="third").id)
        jun.undoes(second)
        sol.undoes(third)
    assert cases(parts, kind=kind, closed_at=None) == []
