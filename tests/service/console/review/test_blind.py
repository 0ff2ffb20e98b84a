"""What a moderator must not be able to tell: why a post is in front of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from service.app import create_app
from service.cases import open_case
from service.config import Config
from service.parts import Parts
from service.quality.controls import keep_control
from service.tables import Case, Post, Review, User
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor
from tests.service.quality.people import Somebody, Team, only

VERDICTS = {"카페": "irrelevant", "맛집": "relevant", "산": "unverifiable"}
Jpeg = Callable[..., bytes]


@pytest.fixture(scope="module")
def app(config: Config, parts: Parts) -> Flask:
    """One that tells a platform: what is said of that must not differ."""
    told = config.model_copy(update={"callback_url": "https://platform.example/hook"})
    return create_app(told, replace(parts, config=told))


@pytest.fixture
def sol(signed_in: NewVisitor) -> Visitor:
    """Whoever must not be able to tell."""
    return signed_in("sol")


@pytest.fixture
def others(parts: Parts) -> tuple[Somebody, Somebody]:
    """Two moderators whose posts are all looked at twice."""
    people = Team(parts, {"double_share": 1.0})
    return people("mina"), people("jun")


def in_its_kinds(
    parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody]
) -> Iterator[tuple[str, int]]:
    """One post as it comes to the same person for each reason, with the number of its case."""
    row = add_post(parts, "p-1", VERDICTS, (jpeg(),))
    first, second = others
    case = only(parts, post_id=row).id
    yield "review", case
    _end_leases(parts)
    first.answers(case, 카페="relevant")
    case = only(parts, kind="double").id
    yield "double", case
    _end_leases(parts)
    second.answers(case, 카페="unverifiable")
    case = only(parts, kind="third").id
    yield "third", case
    with parts.sessions.begin() as session:
        session.execute(update(Case).values(closed_at=func.now()))
        sol = session.scalars(select(User.id).where(User.name == "sol")).one()
        post, expected = session.get_one(Post, row), {"카페": "relevant"}
        keep_control(session, row, expected, "third")
        details = {"expected": expected}
        case = open_case(session, post, "control", 1, for_id=sol, details=details).id
    yield "control", case


def _end_leases(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Case).values(leased_until=None, holder_id=None))


def _plain(page: str, case: int) -> str:
    """A page without the number of its case and the tokens of its forms, which always differ."""
    page = re.sub(rf"/cases/{case}\b", "/cases/N", page)
    page = re.sub(rf'(data-case="|besides=){case}\b', r"\1N", page)
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1T", page)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_post_looks_the_same_for_whatever_reason_it_is_there(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody], language: str
) -> None:
    sol.headers = {"Accept-Language": language}
    seen = {}
    for kind, case in in_its_kinds(parts, jpeg, others):
        answer = sol.get("/queue/next")
        assert answer.location == f"/cases/{case}", kind
        seen[kind] = _plain(sol.get(answer.location).text, case)
    assert set(seen) == {"review", "double", "third", "control"}
    assert "data-case" in seen["review"]
    for kind, page in seen.items():
        assert page == seen["review"], kind


@pytest.mark.parametrize("wanted", ["", "decision=flag", "decision=review", "decision=pass"])
def test_a_filter_finds_it_for_whatever_reason_it_is_there(
    sol: Visitor,
    parts: Parts,
    jpeg: Jpeg,
    others: tuple[Somebody, Somebody],
    wanted: str,
) -> None:
    found = {}
    for kind, case in in_its_kinds(parts, jpeg, others):
        answer = sol.get(f"/queue/next?{wanted}")
        found[kind] = answer.location.startswith(f"/cases/{case}")
    assert set(found.values()) == {wanted in ("", "decision=flag")}, found


@pytest.mark.parametrize("kind", ["double", "third", "control"])
def test_nobody_can_ask_for_blind_posts(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody], kind: str
) -> None:
    for now, case in in_its_kinds(parts, jpeg, others):
        page = sol.get(f"/queue/next?kind={kind}")
        assert page.location.startswith(f"/cases/{case}"), now


def _answered(sol: Visitor, case: int) -> str:
    sol.get(f"/cases/{case}")  # takes it
    page = sol.send(f"/cases/{case}", {"verdict-0": "irrelevant"}, follow_redirects=True)
    assert page.status_code == 200
    return re.sub(r"/reviews/\d+/", "/reviews/N/", _plain(page.text, case))


@pytest.mark.parametrize("kind", ["review", "double", "third", "control"])
def test_an_answer_is_confirmed_alike_and_says_what_was_answered(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody], kind: str
) -> None:
    case = next(case for now, case in in_its_kinds(parts, jpeg, others) if now == kind)
    page = _answered(sol, case)
    assert "Settled: post p-1 is flagged." in page
    assert "The platform is told in" in page
    assert "That was the last one" in page


@pytest.mark.parametrize("kind", ["review", "double", "third", "control"])
def test_whoever_comes_back_to_it_sees_the_same_whatever_it_was(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody], kind: str
) -> None:
    """The browser's Back leads there: who had settled it was said of no second look."""
    case = next(case for now, case in in_its_kinds(parts, jpeg, others) if now == kind)
    sol.get(f"/cases/{case}")  # takes it
    given = {"verdict-0": "relevant", "verdict-1": "irrelevant", "note": "seen twice"}
    assert sol.send(f"/cases/{case}", given).status_code == 303
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", sol.get(f"/cases/{case}").text))
    assert "This post waits for no answer any more." in page
    assert "Settled by sol, " in page
    assert "Open the post to answer it anew seen twice" in page
    assert page.count("the model said:") == 2
    assert "The photographs do not bear out" not in page
    assert "p-1 flagged" in page


def test_a_second_look_of_a_post_in_doubt_asks_for_an_answer_too(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody]
) -> None:
    row = add_post(parts, "p-1", {"카페": "uncertain"}, (jpeg(),))
    others[0].answers(only(parts, post_id=row).id, 카페="relevant")
    case = only(parts, kind="double").id
    page = sol.get(f"/cases/{case}").text
    assert "doubtful" in page
    assert 'value="relevant" checked' not in re.sub(r"\s+", " ", page)
    assert sol.send(f"/cases/{case}", {}).status_code == 422


def test_a_control_of_somebody_else_is_not_found(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody]
) -> None:
    row = add_post(parts, "p-1", VERDICTS, (jpeg(),), decided_by="moderator")
    with parts.sessions.begin() as session:
        post = session.get_one(Post, row)
        details = {"expected": VERDICTS}
        case = open_case(session, post, "control", 1, for_id=others[0].id, details=details).id
    assert sol.get(f"/cases/{case}").status_code == 404


def test_the_post_itself_leads_to_the_case_of_whoever_has_it_blind(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody]
) -> None:
    for kind, case in in_its_kinds(parts, jpeg, others):
        sol.get("/queue/next")
        answer = sol.get("/posts/1")
        if kind == "review":
            assert answer.status_code == 200
        else:
            assert answer.location == f"/cases/{case}", kind


def test_an_answer_for_posts_that_show_the_same_looks_alike_and_is_taken_by_each(
    sol: Visitor, parts: Parts, jpeg: Jpeg, others: tuple[Somebody, Somebody]
) -> None:
    seen = {}
    for kind, case in in_its_kinds(parts, jpeg, others):
        sol.get("/queue/next")
        seen[kind] = _plain(sol.get("/posts/1/together").text, case)
    assert 'name="post" value="1" checked' in seen["review"]
    for kind, page in seen.items():
        assert page == seen["review"], kind
    answer = sol.send("/posts/1/together", {"post": "1", "verdict-0": "relevant"})
    assert answer.status_code == 303
    with parts.sessions() as session:
        review = session.scalars(select(Review).order_by(Review.id.desc())).first()
        assert review is not None
        assert (review.kind, review.answers["카페"]) == ("control", "relevant")
