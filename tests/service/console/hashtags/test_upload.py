"""A lexicon sent as a CSV file: what would change is shown first, then all of it holds at once."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from rules import resolve
from service.console.hashtags import upload
from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor

HEADER = "tag,categories,who,when,why\n"
ROWS = f"{HEADER}쀍쀍,cafe|pet,ana,2026-11-21,bakery\n카페,,ana,2026-11-21,too vague\n"


def _upload(mina: Visitor, text: str | bytes, name: str = "new.csv") -> TestResponse:
    data = text.encode() if isinstance(text, str) else text
    return mina.send("/lexicon", {"file": (io.BytesIO(data), name)})


def _form(page: str) -> dict[str, str]:
    """What the button below the changes sends."""
    return {
        name: unescape(found[1])
        for name in ("text", "seen")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', page))
    }


def _claims(parts: Parts, tag: str) -> tuple[str, ...]:
    return resolve(tag, parts.screener.current().ruleset).categories


def test_what_would_change_is_shown_and_nothing_changes(mina: Visitor, parts: Parts) -> None:
    page = _upload(mina, ROWS).text
    assert "2 hashtags would change" in page
    rows = re.findall(r"<tr><td>(\d+)</td>.*?#([^<]+)</bdi>(.*?)</tr>", page, re.DOTALL)
    assert [(line, tag) for line, tag, _ in rows] == [("2", "쀍쀍"), ("3", "카페")]
    assert "not in the lexicon" in rows[0][2]
    assert "too vague" in rows[1][2]
    assert _claims(parts, "쀍쀍") == ()
    assert _claims(parts, "카페") == ("cafe",)


def test_applied_it_holds_at_once_with_who_and_why(mina: Visitor, parts: Parts) -> None:
    page = _upload(mina, ROWS).text
    answer = mina.send("/lexicon/apply", _form(page))
    assert "2 hashtags are changed" in mina.get(answer.location).text
    assert _claims(parts, "쀍쀍") == ("cafe", "pet")
    assert _claims(parts, "카페") == ()
    assert "bakery (ana, 2026-11-21)" in mina.get("/hashtags/쀍쀍").text


def test_the_download_says_nothing_new(mina: Visitor) -> None:
    page = _upload(mina, mina.get("/hashtags/lexicon.csv").text).text
    assert "nothing would change" in page


def test_what_somebody_changed_since_is_shown_anew(mina: Visitor, parts: Parts) -> None:
    page = _upload(mina, ROWS).text
    mina.send("/hashtags", {"tag": "쀍쀍", "category": "flower"})
    answer = mina.send("/lexicon/apply", _form(page))
    assert answer.status_code == 409
    assert "Somebody changed the lexicon since." in answer.text
    assert _claims(parts, "쀍쀍") == ("flower",)
    assert mina.send("/lexicon/apply", _form(answer.text)).status_code == 303
    assert _claims(parts, "쀍쀍") == ("cafe", "pet")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"{HEADER}쀍쀍,cafe,a,b,c\n쁅,caffe,a,b,c\n", "new.csv:3: #쁅: no category is called"),
        (f"{HEADER}쁅,caffe,a,b,c\n쁅쁅,pett,a,b,c\n", "new.csv:3: #쁅쁅: no category"),
        (f"{HEADER}쀍쀍,cafe\n", "new.csv:2:1"),
        (f"{HEADER}쀍쀍,cafe,a,b,c\n쀍쀍,pet,a,b,c\n", "stands already in line 2"),
        ("tag,category\n", "the columns must be tag,categories,who,when,why"),
        (HEADER.encode() + "카페,cafe,a,b,c\n".encode("cp949"), "Line 2 is not UTF-8."),
        (HEADER.encode("utf-16"), "Line 1 is not UTF-8."),
        (f"{HEADER}쀍쀍,cafe,a,b,\0\n", "new.csv:2: the line holds a NUL character"),
        ("", "the columns must be"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_changes_nothing(
    mina: Visitor, parts: Parts, text: str | bytes, what: str
) -> None:
    answer = _upload(mina, text)
    assert answer.status_code == 422
    assert what in unescape(answer.text)
    assert _claims(parts, "쀍쀍") == ()


def test_without_a_file_it_asks_for_one(mina: Visitor) -> None:
    answer = mina.send("/lexicon", {})
    assert answer.status_code == 422
    assert "Choose a CSV file." in answer.text


def test_too_many_changes_are_sent_to_the_command_line(
    mina: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "MOST", 1)
    answer = _upload(mina, ROWS)
    assert answer.status_code == 422
    assert "python -m service lexicon import" in answer.text


def test_the_name_of_a_file_cannot_become_markup(mina: Visitor) -> None:
    assert "<b>x" not in _upload(mina, "x", "<b>x.csv").text


def test_the_way_there_is_on_the_page_of_hashtags(signed_in: NewVisitor) -> None:
    assert 'href="/lexicon"' in signed_in("ana", "analyst").get("/hashtags").text
