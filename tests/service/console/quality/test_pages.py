"""What an analyst sees of the moderators' agreement, and choosing controls."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from service.parts import Parts
from service.quality.controls import keep_control
from service.quality.kappa import ENOUGH
from service.tables import Control, Review
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor
from tests.service.quality.people import Somebody, Team, only

DAY = timedelta(days=1)


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    """An analyst."""
    return signed_in("ana", "analyst")


@pytest.fixture
def people(parts: Parts) -> tuple[Somebody, Somebody, Somebody]:
    """Moderators whose posts are all looked at twice."""
    make = Team(parts, {"double_share": 1.0})
    return make("mina"), make("jun"), make("sol")


def look_twice(
    parts: Parts, first: Somebody, second: Somebody, name: str, answers: tuple[str, str]
) -> None:
    row = add_post(parts, name, {"카페": "irrelevant"})
    review = first.answers(only(parts, post_id=row, kind="review").id, 카페=answers[0])
    second.answers(only(parts, review_id=review).id, 카페=answers[1])


def text(visitor: Visitor, path: str = "/quality") -> str:
    """The page's words without its tags, each gap one space."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.mark.parametrize(("role", "status"), [("moderator", 403), ("analyst", 200), ("admin", 200)])
def test_analysts_see_it_and_moderators_do_not(
    signed_in: NewVisitor, role: str, status: int
) -> None:
    somebody = signed_in("somebody", role)
    for path in ("/quality", "/quality/agreement.csv"):
        assert somebody.get(path).status_code == status
    assert ('href="/quality"' in somebody.get("/posts").text) == (status == 200)


def test_an_empty_page_says_what_is_missing(ana: Visitor) -> None:
    page = text(ana)
    assert "In this period no post was answered by two moderators." in page
    assert "None yet, so nobody is shown a control." in page
    assert "waiting for another moderator" not in page


def test_agreement_with_its_interval_is_told_by_category_and_moderator(
    ana: Visitor, parts: Parts, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    mina, jun, _ = people
    for number in range(ENOUGH):
        answer = "relevant" if number % 2 else "irrelevant"
        other = "relevant" if number == 0 else answer
        look_twice(parts, mina, jun, f"p-{number}", (answer, other))
    page = text(ana)
    assert f"two moderators answered separately: {ENOUGH};" in page
    # 19 of 20 the same, half of each: kappa (.95 - .5) / .5, its error by the formula .0975.
    assert page.count("0.90 0.71 to 1.00") == 4  # all, cafe, jun, mina
    assert "95% 76% to 99%, of 20" in page


def test_too_few_answers_are_said_to_be_too_few(
    ana: Visitor, parts: Parts, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    look_twice(parts, *people[:2], "p-1", ("relevant", "irrelevant"))
    assert f"too few to say: 1 of {ENOUGH} hashtags" in text(ana)


def test_a_difference_is_listed_with_both_answers_and_who_decided(
    ana: Visitor, parts: Parts, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    mina, jun, sol = people
    look_twice(parts, mina, jun, "p-1", ("relevant", "irrelevant"))
    page = text(ana)
    assert re.search(r"p-1 .{10,40} #카페 relevant mina irrelevant jun not yet", page)
    assert "Third looks waiting 1" in page
    sol.answers(only(parts, kind="third").id, 카페="unverifiable")
    page = text(ana)
    assert "#카페 relevant mina irrelevant jun unverifiable sol" in page
    assert "Third looks waiting 0" in page


def test_what_only_others_could_take_is_told(ana: Visitor, parts: Parts) -> None:
    mina = Team(parts, {"double_share": 1.0})("mina")
    row = add_post(parts, "p-1", {"카페": "irrelevant"})
    mina.answers(only(parts, post_id=row).id)
    assert "Of these, waiting for another moderator 1" in text(ana)
    Team(parts, {})("jun")
    assert "waiting for another moderator" not in text(ana)


def test_the_settings_are_shown(ana: Visitor) -> None:
    assert "0% of the posts that are settled get a second, blind look" in text(ana)


def test_a_period_can_be_chosen_and_anything_else_is_the_usual(
    ana: Visitor, parts: Parts, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    look_twice(parts, *people[:2], "p-1", ("relevant", "irrelevant"))
    with parts.sessions.begin() as session:
        session.execute(update(Review).values(created_at=Review.created_at - 20 * DAY))
    assert "no post was answered" in text(ana, "/quality?days=7")
    for days in ("30", "90", "31", "x", "-1"):
        assert "answered separately: 1;" in text(ana, f"/quality?days={days}"), days


def test_controls_that_were_answered_otherwise_are_listed(ana: Visitor, parts: Parts) -> None:
    mina = Team(parts, {"control_share": 0.5})("mina")
    row = add_post(parts, "c-1", {"카페": "relevant"}, decided_by="moderator")
    with parts.sessions.begin() as session:
        keep_control(session, row, {"카페": "relevant"}, "agreed")
    post = add_post(parts, "p-1", {"카페": "irrelevant"})
    mina.answers(only(parts, post_id=post).id)
    mina.answers(only(parts, kind="control").id, 카페="irrelevant")
    page = text(ana)
    assert "Controls answered: 1; answered wrongly: 1." in page
    assert re.search(r"c-1 .{10,40} #카페 relevant irrelevant mina", page)
    assert "mina 0 too few to say: 0 of 20 hashtags 0% 0% to 79%, of 1" in page


def test_the_file_holds_the_figures(
    ana: Visitor, parts: Parts, people: tuple[Somebody, Somebody, Somebody]
) -> None:
    look_twice(parts, *people[:2], "p-1", ("relevant", "irrelevant"))
    answer = ana.get("/quality/agreement.csv?days=7")
    assert answer.mimetype == "text/csv"
    assert 'filename="agreement-7d.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["name"] for row in rows] == ["", "cafe", "jun", "mina"]


def test_an_analyst_chooses_a_control_and_puts_it_aside(ana: Visitor, parts: Parts) -> None:
    row = add_post(parts, "c-1", {"카페": "relevant"}, decided_by="moderator")
    answer = ana.send("/quality/controls", {"post": " c-1 ", "days": "7"})
    assert answer.location == "/quality?days=7#controls"
    with parts.sessions() as session:
        assert session.get_one(Control, row).origin == "analyst"
    assert "Post c-1 is a control from now on." in (page := text(ana))
    assert "1: chosen by an analyst" in page
    aside = f"/quality/controls/{row}/aside"
    ana.send(aside, {})
    assert "Post c-1 is no control any more." in text(ana)
    ana.send(aside, {})
    assert "This post is no control any more." in text(ana)


@pytest.mark.parametrize(
    ("name", "why"),
    [("p-9", "No post has the id “p-9”."), ("p-1", "No person has settled “p-1”")],
)
def test_a_post_that_cannot_be_a_control_is_said_why(
    ana: Visitor, parts: Parts, name: str, why: str
) -> None:
    add_post(parts, "p-1", {"카페": "irrelevant"})
    answer = ana.send("/quality/controls", {"post": name})
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{name}"' in answer.text


def test_the_page_is_in_korean_too(signed_in: NewVisitor) -> None:
    page = text(signed_in("ana", "analyst", "ko"))
    assert "검토자 간 일치도" in page
    assert "looks waiting" not in page
    assert "90일" in page
