"""An appeal whose answer is taken back has overruled nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.cases import open_case
from service.parts import Parts
from service.tables import Post
from tests.service.appeals.platform import VERDICTS, Platform
from tests.service.console.rows import add_post
from tests.service.quality.people import Somebody, Team, cases, only


def waiting(parts: Parts) -> dict[str, int]:
    """The open cases, by kind."""
    return {case.kind: case.id for case in cases(parts, closed_at=None)}


def test_the_second_look_that_its_answer_closed_waits_again(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    mina = Team(parts, {"double_share": 1.0})("mina")
    add_post(parts, "p-1", VERDICTS)
    mina.answers(only(parts, kind="review").id)
    platform.send("p-1")
    jun, sol = person("jun"), person("sol")
    before = waiting(parts)
    review = jun.answers(before["appeal"], 카페="relevant")
    assert waiting(parts) == {}
    jun.undoes(review)
    assert waiting(parts) == before
    sol.answers(before["double"], 카페="relevant")
    assert only(parts, kind="third").closed_at is None


def test_the_third_look_does_too_unless_the_second_was_taken_back(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody]
) -> None:
    people = Team(parts, {"double_share": 1.0})
    mina, sol, jun = people("mina"), people("sol"), person("jun")
    add_post(parts, "p-1", VERDICTS)
    mina.answers(only(parts, kind="review").id)
    second = sol.answers(only(parts, kind="double").id, 카페="relevant")
    platform.send("p-1")
    before = waiting(parts)
    assert before.keys() == {"third", "appeal"}
    jun.undoes(jun.answers(before["appeal"], 카페="relevant"))
    assert waiting(parts) == before
    review = jun.answers(before["appeal"], 카페="relevant")
    sol.undoes(second)
    jun.undoes(review)
    assert waiting(parts).keys() == {"double", "appeal"}


@pytest.mark.parametrize("kind", ["review", "spot_check"])
def test_what_the_model_left_to_people_waits_again(
    parts: Parts, platform: Platform, person: Callable[[str], Somebody], kind: str
) -> None:
    row = add_post(parts, "p-1", VERDICTS)
    if kind == "spot_check":
        with parts.sessions.begin() as session:
            open_case(session, session.get_one(Post, row), kind, 1.0)
    platform.send("p-1")
    before = waiting(parts)
    assert {kind, "appeal"} <= before.keys()
    jun = person("jun")
    jun.undoes(jun.answers(before["appeal"]))
    assert waiting(parts) == before
