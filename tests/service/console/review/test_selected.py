"""Posts that were selected in a list: looked at, answered or handed over as one, and taken back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from service.cases import open_case
from service.parts import Parts
from service.tables import Case, Post, Review, User
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

POSTS = {
    "p-1": {"카페": "irrelevant", "ootd": "relevant"},
    "p-2": {"카페": "irrelevant"},
    "p-3": {"pet": "uncertain", "ootd": "relevant"},
}


@pytest.fixture
def rows(parts: Parts) -> dict[str, int]:
    return {name: add_post(parts, name, verdicts) for name, verdicts in POSTS.items()}


def _asked(rows: dict[str, int], **more: str) -> str:
    fields = [f"post={row}" for row in rows.values()]
    return "/posts/selected?" + "&".join([*fields, *(f"{k}={v}" for k, v in more.items())])


def _decisions(parts: Parts) -> dict[str, tuple[str | None, str | None]]:
    with parts.sessions() as session:
        posts = session.scalars(select(Post)).all()
        return {post.external_id: (post.decision, post.decided_by) for post in posts}


def test_the_queue_offers_a_tick_for_each_post(mina: Visitor, rows: dict[str, int]) -> None:
    page = mina.get("/posts").text
    assert sorted(re.findall(r'name="post" value="(\d+)" form="picked"', page)) == ["1", "2", "3"]
    assert 'form="picked"' not in mina.get("/posts?tab=passed").text


def test_an_analyst_reads_only(signed_in: NewVisitor, rows: dict[str, int]) -> None:
    ana = signed_in("ana", "analyst")
    assert 'form="picked"' not in ana.get("/posts").text
    assert ana.get(_asked(rows)).status_code == 403


def test_it_is_shown_first_what_each_gets(mina: Visitor, rows: dict[str, int]) -> None:
    page = mina.get(_asked(rows)).text
    assert re.findall(r'name="post" value="(\d+)" checked', page) == ["1", "2"]
    assert "#pet would stay uncertain" in page
    asked = re.findall(r"<bdi>#(\w+)</bdi> <span class=\"how\">([^<]+)</span>", page)
    assert [(tag, says.strip()) for tag, says in asked] == [
        ("pet", "on 1 post, uncertain on 1"),
        ("ootd", "on 2 posts"),
        ("카페", "on 2 posts"),
    ]
    page = mina.get(_asked(rows, **{"to-pet": "relevant", "to-카페": "relevant"})).text
    gets = re.findall(r"<bdi>#(\w+)</bdi>\s*<span>\s*([^<]+?)</span>", page)
    assert gets == [
        ("카페", "irrelevant → relevant"),
        ("ootd", "stays relevant"),
        ("카페", "irrelevant → relevant"),
        ("pet", "uncertain → relevant"),
        ("ootd", "stays relevant"),
    ]


def test_what_gets_no_answer_stays_as_it_stands_and_one_undo_takes_all_back(
    mina: Visitor, parts: Parts, rows: dict[str, int]
) -> None:
    before = _decisions(parts)
    form = {"to-pet": "relevant", "post": [*rows.values()], "note": "all the same"}
    answer = mina.send("/posts/selected?sort=oldest", form)
    assert answer.headers["Location"] == "/posts?sort=oldest"
    assert _decisions(parts) == {
        "p-1": ("flag", "moderator"),
        "p-2": ("flag", "moderator"),
        "p-3": ("pass", "moderator"),
    }
    with parts.sessions() as session:
        assert session.scalars(select(Review.note)).all() == ["all the same"] * 3
    assert "3 posts settled." in mina.get("/posts").text
    mina.send("/reviews/1/undo", {})
    assert _decisions(parts) == before


def test_an_appeal_is_answered_by_itself(mina: Visitor, parts: Parts, rows: dict[str, int]) -> None:
    row = add_post(parts, "p-4", {"카페": "irrelevant"}, decided_by="moderator")
    with parts.sessions.begin() as session:
        open_case(session, session.get_one(Post, row), "appeal", 2.0)
    assert "its author objects: answer it by itself" in mina.get(_asked({"p-4": row})).text
    refused = mina.send("/posts/selected", {"post": [row]})
    assert refused.status_code == 409
    assert _decisions(parts)["p-4"] == ("flag", "moderator")


def test_a_spot_check_is_answered_with_the_others(mina: Visitor, parts: Parts) -> None:
    row = add_post(parts, "p-4", {"카페": "relevant"})
    with parts.sessions.begin() as session:
        open_case(session, session.get_one(Post, row), "spot_check", 0.5)
    assert mina.send("/posts/selected", {"post": [row]}).status_code == 303
    assert _decisions(parts) == {"p-4": ("pass", "moderator")}


def test_they_are_handed_over_and_taken_back_as_one(
    signed_in: NewVisitor, parts: Parts, rows: dict[str, int]
) -> None:
    mina, ada = signed_in("mina"), signed_in("ada")
    with parts.sessions() as session:
        to = session.scalars(select(User.id).where(User.name == "ada")).one()
    assert "Hand 3 posts over" in mina.get(_asked(rows)).text
    form = {"post": [*rows.values()], "to": to, "handed_note": "shops?"}
    handed = mina.send("/posts/selected/hand-over?sort=oldest", form)
    assert handed.status_code == 303
    page = mina.get(handed.headers["Location"]).text
    assert "3 posts were handed over." in page
    assert "Open post" not in page
    assert "Open post p-3" in ada.get("/posts").text
    cases = re.findall(r'name="case" value="(\d+)"', page)
    back = mina.send("/cases/take-back", {"case": cases})
    assert "3 posts are in the queue again." in mina.get(back.headers["Location"]).text
    assert "Open post p-3" in mina.get("/posts").text
    mina.send("/cases/take-back", {"case": cases})
    assert "There is nothing left to take back." in mina.get("/posts").text


def test_what_was_handed_to_a_colleague_is_theirs_alone(
    signed_in: NewVisitor, parts: Parts, rows: dict[str, int]
) -> None:
    """The page said that they take the answer, and then that none did, without a reason."""
    mina, ada = signed_in("mina"), signed_in("ada")
    with parts.sessions() as session:
        to = session.scalars(select(User.id).where(User.name == "ada")).one()
    stale = {"post": [*rows.values()], "to-카페": "irrelevant", "to-pet": "relevant"}
    form = {"post": [*rows.values()], "to": to, "handed_note": "shops?"}
    mina.send("/posts/selected/hand-over", form)
    for page in (mina.get(_asked(rows)).text, mina.send("/posts/selected", stale).text):
        assert page.count("it was handed to ada") == 3
        assert "These take the answer" not in page
        assert "Hand 3 posts over" not in page
    path = f"/posts/{rows['p-1']}"
    seen = mina.get(path).text
    assert "This post was handed to ada." in seen
    assert 'name="save"' not in seen
    refused = mina.send(path, {"agree": "1"})
    assert refused.status_code == 409
    assert "Your answers were not saved: the post was handed to somebody else." in refused.text
    for_ada = ada.get(path).text
    assert "mina handed this post to you." in for_ada
    assert "shops?" in for_ada
    assert ada.send(path, {"agree": "1"}).status_code == 303
    assert _decisions(parts)["p-1"] == ("flag", "moderator")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"to": ""}, "Choose who gets this post."),
        ({"to": "2", "handed_note": "n" * 501}, "The note is too long."),
        (
            {"to": "2", "post": []},
            "Other moderators have these posts now, so none was handed over.",
        ),
    ],
)
def test_what_cannot_be_handed_over_is_said_so(
    signed_in: NewVisitor, parts: Parts, rows: dict[str, int], form: dict[str, object], says: str
) -> None:
    mina = signed_in("mina")
    signed_in("ada")
    refused = mina.send("/posts/selected/hand-over", {"post": [*rows.values()]} | form)
    assert refused.status_code == 409
    assert says in unescape(refused.text)
    with parts.sessions() as session:
        assert set(session.scalars(select(Case.handed_to_id))) == {None}


def test_what_was_written_to_whoever_gets_them_comes_back(
    signed_in: NewVisitor, rows: dict[str, int]
) -> None:
    mina = signed_in("mina")
    signed_in("ada")
    posts = {"post": [*rows.values()]}
    nobody = mina.send("/posts/selected/hand-over", posts | {"to": "", "handed_note": "shops?"})
    assert "shops?</textarea>" in nobody.text
    long = mina.send("/posts/selected/hand-over", posts | {"to": "2", "handed_note": "n" * 501})
    assert '<option value="2" selected>ada<' in long.text


@pytest.mark.parametrize("query", ["", "?post=", "?post=nonsense", "?post=-1"])
def test_nothing_selected_leads_back_to_the_list(mina: Visitor, query: str) -> None:
    answer = mina.get(f"/posts/selected{query}", follow_redirects=True)
    assert "Select at least one post." in answer.text
