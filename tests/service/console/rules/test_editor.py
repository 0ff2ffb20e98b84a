"""Writing a ruleset in the console: from what is live, checked, compared and stored."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from service.console.rules.difference import MOST_LINES, Line, difference
from service.parts import Parts
from service.rulesets import store
from service.tables import StoredRuleset
from tests.service.conftest import Variant
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor


@pytest.fixture
def ana(signed_in: NewVisitor) -> Visitor:
    """An analyst who is signed in."""
    return signed_in("ana", "analyst")


def _written(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def _check(visitor: Visitor, text: str) -> str:
    answer = visitor.send("/rules/check", {"text": text})
    assert answer.status_code == 200
    return unescape(answer.text)


def test_it_begins_with_the_live_text(parts: Parts, ana: Visitor) -> None:
    page = ana.get("/rules/edit").text
    assert _written(page) == parts.config.ruleset.read_text(encoding="utf-8")
    assert "Nothing yet." in page
    assert "It can be used" in page


def test_it_begins_with_a_stored_one_where_that_is_asked(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    source = variant("drink")
    with parts.sessions.begin() as session:
        number = store.add(session, source, "ana", "", parts.screener.current()).id
    assert _written(ana.get(f"/rules/edit?from={number}").text) == source.data.decode()
    for unknown in ("9", "x", "9" * 30):
        assert ana.get(f"/rules/edit?from={unknown}").status_code == 200


def test_a_fault_is_shown_where_it_is_with_the_nearest_known_name(
    ana: Visitor, variant: Variant
) -> None:
    text = variant("drnik").data.decode()
    line = text[: text.index("drnik")].count("\n") + 1
    column = len(text[: text.index("drnik")].rsplit("\n", 1)[-1]) + 1
    said = _check(ana, text)
    assert f"Line {line}, column {column}:" in said
    assert f'data-line="{line}" data-column="{column}"' in said
    assert "Did you mean 'drink'?" in said
    caret = re.search(r"\n    (.*drnik.*)\n    ( *)\^", said)
    assert caret
    assert caret[1].index("drnik") == len(caret[2])


def test_what_differs_from_the_live_rules_is_shown(ana: Visitor, variant: Variant) -> None:
    said = _check(ana, variant("drink").data.decode())
    assert re.search(r"<del>.*rule: food or drink</del>", said)
    assert re.search(r"<ins>.*rule: drink</ins>", said)
    assert "It can be used" in said


def test_it_is_stored_under_its_name_and_keeps_it_until_it_is_live(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    sent = {"name": "summer", "text": variant("drink").data.decode(), "note": "drinks only"}
    stored = ana.send("/rules/edit", sent, follow_redirects=True)
    with parts.sessions() as session:
        row = session.scalars(select(StoredRuleset)).one()
    assert row.name.startswith("summer-")
    assert f"{row.name} is stored as a draft" in stored.text
    for action in ("shadow", "promote"):
        ana.send(f"/rules/{row.id}/{action}", {"reason": "x"})
        assert row.name in ana.get("/rules").text
    assert parts.screener.current().ruleset.name == row.name
    assert parts.screener.current().ruleset.id.startswith(row.name)


def test_what_cannot_be_stored_is_said_and_the_text_is_kept(
    parts: Parts, ana: Visitor, variant: Variant
) -> None:
    good, wrong = variant("drink").data.decode(), variant("drnik").data.decode()

    def send(name: str, text: str, status: int) -> str:
        given = {"name": name, "text": text}
        answer = ana.send("/rules/edit", given)
        assert answer.status_code == status
        assert _written(answer.text) == text
        return unescape(answer.text)

    assert "A name has up to 40" in send("../../etc", good, 422)
    assert "no label is called 'drnik'" in send("summer", wrong, 422)
    ana.send("/rules/edit", {"name": "summer", "text": good})
    assert "stored already" in send("summer", good, 409)
    with parts.sessions() as session:
        assert len(session.scalars(select(StoredRuleset.id)).all()) == 1


def test_without_scripts_a_button_checks(parts: Parts, ana: Visitor, variant: Variant) -> None:
    sent = {"name": "summer", "text": variant("drnik").data.decode(), "check": "1"}
    answer = ana.send("/rules/edit", sent)
    assert answer.status_code == 200
    assert "no label is called 'drnik'" in unescape(answer.text)
    with parts.sessions() as session:
        assert session.scalars(select(StoredRuleset.id)).all() == []


def test_a_moderator_writes_no_rules(mina: Visitor) -> None:
    assert mina.get("/rules/edit").status_code == 403
    for path in ("/rules/edit", "/rules/check"):
        assert mina.send(path, {"text": "x"}).status_code == 403


def test_it_speaks_korean(signed_in: NewVisitor, variant: Variant) -> None:
    said = _check(signed_in("ana", "analyst", "ko"), variant("drnik").data.decode())
    assert re.search(r"\d+번째 줄, \d+번째 칸", said)


def test_a_difference_names_added_and_removed_lines_and_their_place() -> None:
    found = difference("a\nb\nc", "a\nx\nc")
    assert found is not None
    assert found[0].kind == "place"
    assert found[1:] == [
        Line("same", "a"),
        Line("removed", "b"),
        Line("added", "x"),
        Line("same", "c"),
    ]


def test_lines_that_look_like_the_head_of_a_difference_are_lines() -> None:
    found = difference("a\n-- x\nb", "a\n++ y\nb")
    assert found is not None
    assert [(one.kind, one.text) for one in found[2:4]] == [("removed", "-- x"), ("added", "++ y")]


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert difference("a\n" * MOST_LINES, "b") is None
    assert difference("same", "same") == []
