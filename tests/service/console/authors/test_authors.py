"""The page of an author: figures with their intervals, a note, and a watch."""

from __future__ import annotations

import re
from html import unescape

import pytest

from service.parts import Parts
from service.tables import Author
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

ODD = "u/1?&<b>"


@pytest.fixture(autouse=True)
def _posts(parts: Parts) -> None:
    for number in range(3):
        verdict = "irrelevant" if number else "relevant"
        add_post(parts, f"p-{number}", {"카페": verdict}, author_id=ODD, decided_by="moderator")


def test_the_page_tells_the_share_with_its_interval(mina: Visitor) -> None:
    page = mina.get("/author", query_string={"id": ODD}).text
    assert "u/1?&amp;&lt;b&gt;" in page
    assert "67%" in page
    assert "(21%–94%; 2 / 3)" in page


@pytest.mark.parametrize("author", ["", "nobody"])
def test_an_author_without_posts_is_not_found(mina: Visitor, author: str) -> None:
    assert mina.get("/author", query_string={"id": author}).status_code == 404
    assert mina.send("/author", {"id": author, "note": "x"}).status_code == 404


def test_a_note_and_a_watch_are_kept_and_taken_away(mina: Visitor, parts: Parts) -> None:
    assert (
        mina.send("/author", {"id": ODD, "note": " sells\r\n", "watched": "1"}).status_code == 303
    )
    with parts.sessions() as session:
        row = session.get_one(Author, ODD)
        assert (row.note, row.watched, row.changed_by) == ("sells", True, "mina")
    page = mina.get("/author", query_string={"id": ODD}).text
    assert ">sells</textarea>" in page
    mina.send("/author", {"id": ODD, "note": ""})
    with parts.sessions() as session:
        assert session.get(Author, ODD) is None


def test_a_note_that_is_too_long_gets_a_sentence_and_stays_on_the_page(mina: Visitor) -> None:
    answer = mina.send("/author", {"id": ODD, "note": "x" * 501})
    assert answer.status_code == 422
    assert "The note is too long." in answer.text
    assert "x" * 501 in answer.text


def test_what_another_moderator_noted_meanwhile_is_shown_before_it_is_replaced(
    mina: Visitor, signed_in: NewVisitor, parts: Parts
) -> None:
    bo = signed_in("bo")
    seen = _seen(mina)
    assert seen == _seen(bo) == ""
    fields = {"id": ODD, "seen": seen}
    assert mina.send("/author", fields | {"note": "sells <b>"}).status_code == 303
    crossed = bo.send("/author", fields | {"note": "a friend", "watched": "1"})
    assert crossed.status_code == 409
    assert "was changed since you opened the page" in crossed.text
    assert '<q dir="auto">sells &lt;b&gt;</q>' in crossed.text
    assert ">a friend</textarea>" in crossed.text
    assert re.search(r'name="watched" value="1" checked', crossed.text)
    with parts.sessions() as session:
        assert session.get_one(Author, ODD).note == "sells <b>"
    again = {"id": ODD, "note": "a friend", "seen": _seen(bo, crossed.text)}
    assert bo.send("/author", again).status_code == 303
    with parts.sessions() as session:
        assert session.get_one(Author, ODD).note == "a friend"
    assert mina.send("/author", again | {"note": ""}).status_code == 409


def test_a_watch_that_another_moderator_began_meanwhile_is_shown_too(
    mina: Visitor, signed_in: NewVisitor
) -> None:
    fields = {"id": ODD, "seen": _seen(mina)}
    assert mina.send("/author", fields | {"watched": "1"}).status_code == 303
    crossed = signed_in("bo").send("/author", fields | {"note": "a friend"})
    assert crossed.status_code == 409
    [told] = re.findall(r'role="alert">(.*?)</p>', crossed.text, re.DOTALL)
    assert "Every post of this author is sent to review." in told
    assert "<q" not in told


def _seen(visitor: Visitor, page: str | None = None) -> str:
    """What the form says of the version that it was made from."""
    page = page or visitor.get("/author", query_string={"id": ODD}).text
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def test_an_analyst_reads_and_keeps_nothing(signed_in: NewVisitor) -> None:
    analyst = signed_in("ana", "analyst", "ko")
    page = analyst.get("/author", query_string={"id": ODD}).text
    assert "지켜보고 있지 않아요." in page
    assert "<textarea" not in page
    assert analyst.send("/author", {"id": ODD}).status_code == 403
