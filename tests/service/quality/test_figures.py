"""What is measured of second looks and controls, from the first answer to the table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from service.parts import Parts
from service.quality import controls
from service.quality.answered import answered_controls
from service.quality.csvfile import FIELDS, write_csv
from service.quality.figures import Figures, figures
from service.quality.second_looks import Twice, looked_at_twice
from service.quality.waiting import Waiting
from service.quality.waiting import waiting as count
from service.tables import Post
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, Team, cases, only

NewTeam = Callable[..., Team]
Case = Callable[[str], int]

EARLIER = datetime.now(UTC) - timedelta(days=1)


def twice(parts: Parts, since: datetime = EARLIER) -> list[Twice]:
    with parts.sessions() as session:
        return list(looked_at_twice(session, since))


def measured(parts: Parts) -> Figures:
    with parts.sessions() as session:
        return figures(looked_at_twice(session, EARLIER), answered_controls(session, EARLIER))


def look_twice(
    parts: Parts, first: Somebody, second: Somebody, case: int, answers: tuple[str, str]
) -> tuple[int, int]:
    """Both answers to 카페, one after the other."""
    one = first.answers(case, 카페=answers[0])
    return one, second.answers(only(parts, review_id=one).id, 카페=answers[1])


def test_both_answers_and_who_decided_are_told(parts: Parts, team: NewTeam, waiting: Case) -> None:
    people = team(double_share=1.0)
    mina, jun, sol = people("mina"), people("jun"), people("sol")
    look_twice(parts, mina, jun, waiting("p-1"), ("irrelevant", "relevant"))
    (one,) = twice(parts)
    assert (one.external_id, one.first.name, one.second.name) == ("p-1", "mina", "jun")
    assert one.differing == ["카페"]
    assert one.third is None
    sol.answers(only(parts, kind="third").id, 카페="unverifiable")
    (one,) = twice(parts)
    assert one.third is not None
    assert (one.third.name, one.third.answers["카페"]) == ("sol", "unverifiable")


@pytest.mark.parametrize("undone", [0, 1])
def test_what_was_taken_back_counts_nowhere(
    parts: Parts, team: NewTeam, waiting: Case, undone: int
) -> None:
    people = team(double_share=1.0)
    both = people("mina"), people("jun")
    reviews = look_twice(parts, *both, waiting("p-1"), ("relevant", "relevant"))
    assert len(twice(parts)) == 1
    both[undone].undoes(reviews[undone])
    assert twice(parts) == []
    assert measured(parts).moderators == []


def test_a_third_answer_that_was_taken_back_decides_nothing(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    people = team(double_share=1.0)
    look_twice(parts, people("mina"), people("jun"), waiting("p-1"), ("relevant", "irrelevant"))
    sol = people("sol")
    sol.undoes(sol.answers(only(parts, kind="third").id))
    assert [one.third for one in twice(parts)] == [None]


def test_only_the_period_that_was_asked_for_counts(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    people = team(double_share=1.0)
    look_twice(parts, people("mina"), people("jun"), waiting("p-1"), ("relevant", "relevant"))
    assert twice(parts, datetime.now(UTC) + timedelta(minutes=1)) == []


def test_hashtags_that_claim_nothing_measure_nothing(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    case = waiting("p-1")
    with parts.sessions.begin() as session:
        post = session.get_one(Post, only(parts, id=case).post_id)
        next(one for one in post.verdicts if one.tag == "맛집").category = None
    people = team(double_share=1.0)
    look_twice(parts, people("mina"), people("jun"), case, ("relevant", "relevant"))
    (one,) = twice(parts)
    assert one.pairs == {"카페": ("relevant", "relevant")}


def test_agreement_is_told_by_category_and_by_person(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    people = team(double_share=1.0)
    mina, jun, sol = people("mina"), people("jun"), people("sol")
    look_twice(parts, mina, jun, waiting("p-1"), ("irrelevant", "relevant"))
    look_twice(parts, jun, mina, waiting("p-2"), ("irrelevant", "irrelevant"))
    look_twice(parts, sol, mina, waiting("p-3"), ("relevant", "irrelevant"))
    found = measured(parts)
    assert found.posts == 3
    assert (found.overall.pairs, found.overall.agreed) == (6, 4)
    assert found.categories == {"cafe": found.overall}
    by_name = {one.name: one.agreement for one in found.moderators}
    assert {name: (one.pairs, one.agreed) for name, one in by_name.items()} == {
        "jun": (4, 3),
        "mina": (6, 4),
        "sol": (2, 1),
    }
    assert by_name["jun"].kappa is not None


def test_controls_are_right_only_if_every_hashtag_is(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    mina = team(control_share=0.5)("mina")
    expected = {"카페": "irrelevant", "맛집": "relevant"}
    for name in ("c-1", "c-2"):
        row = add_post(parts, name, expected, decided_by="moderator")
        with parts.sessions.begin() as session:
            controls.keep_control(session, row, expected, "agreed")
    for name, answer in (("p-1", "irrelevant"), ("p-2", "relevant")):
        mina.answers(waiting(name))
        mina.answers(only(parts, kind="control", closed_at=None).id, 카페=answer)
    with parts.sessions() as session:
        last, before = answered_controls(session, EARLIER)
    assert (last.is_right, last.missed, before.is_right) == (False, ["카페"], True)
    (person,) = measured(parts).moderators
    assert (person.name, person.controls.hits, person.controls.of) == ("mina", 1, 2)
    assert person.controls.low is not None


def test_a_control_that_was_taken_back_counts_nowhere(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    mina = team(control_share=0.5)("mina")
    row = add_post(parts, "c-1", {"카페": "relevant"}, decided_by="moderator")
    with parts.sessions.begin() as session:
        controls.keep_control(session, row, {"카페": "relevant"}, "agreed")
    mina.answers(waiting("p-1"))
    mina.undoes(mina.answers(only(parts, kind="control").id))
    assert measured(parts).moderators == []


def test_what_waits_is_counted_and_what_nobody_may_take_is_told_apart(
    parts: Parts, team: NewTeam, waiting: Case
) -> None:
    people = team(double_share=1.0)
    mina = people("mina")
    people("ana", "analyst")
    mina.answers(waiting("p-1"))
    assert counted(parts) == Waiting(double=1, third=0, appeal=0, nobody=1)
    jun = people("jun")
    assert counted(parts).nobody == 0
    jun.answers(only(parts, kind="double").id, 카페="relevant")
    assert counted(parts) == Waiting(double=0, third=1, appeal=0, nobody=1)
    people("ada", "admin")
    assert counted(parts).nobody == 0


def counted(parts: Parts) -> Waiting:
    with parts.sessions() as session:
        return count(session, {"moderator", "admin"})


def test_the_file_says_what_the_page_does(parts: Parts, team: NewTeam, waiting: Case) -> None:
    people = team(double_share=1.0)
    look_twice(parts, people("@mina"), people("jun"), waiting("p-1"), ("irrelevant", "relevant"))
    text = write_csv(measured(parts))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == FIELDS
    told = [(row["of"], row["name"], row["pairs"], row["agreed"]) for row in rows]
    assert told == [
        ("all", "", "2", "1"),
        ("category", "cafe", "2", "1"),
        ("moderator", "'@mina", "2", "1"),
        ("moderator", "jun", "2", "1"),
    ]
    assert {row["right"] for row in rows} == {""}  # of no controls there is no share


def test_of_nothing_there_is_one_row_without_figures(parts: Parts) -> None:
    (row,) = csv.DictReader(io.StringIO(write_csv(measured(parts))))
    assert (row["of"], row["pairs"], row["kappa"]) == ("all", "0", "")
    assert cases(parts) == []
