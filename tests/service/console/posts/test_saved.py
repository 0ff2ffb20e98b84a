"""Saved views are tabs above the lists."""

from __future__ import annotations

import re
from html import unescape

from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

ASKED = "tab=flagged&author=u-1&sort=newest"


def _views(page: str) -> list[tuple[str, str, bool]]:
    found = re.findall(r'<a href="(/posts\?[^"]*)" (aria-current="page")?><bdi>([^<]*)</bdi>', page)
    return [(unescape(name), unescape(address), bool(current)) for address, current, name in found]


def test_a_view_is_saved_shown_and_deleted(signed_in: NewVisitor, parts: Parts) -> None:
    mina, ada = signed_in("mina"), signed_in("ada", language="ko")
    add_post(parts, "p-1", {"카페": "irrelevant"})
    assert "Save as a view" not in mina.get("/posts").text
    assert "Save as a view" in mina.get(f"/posts?{ASKED}").text
    saved = mina.send(f"/views?{ASKED}&after=7", {"name": "<i>new</i>"})
    page = mina.get(saved.headers["Location"]).text
    assert "Saved: &lt;i&gt;new&lt;/i&gt;." in page
    assert "Save as a view" not in page
    ((name, address, current),) = _views(page)
    assert (name, current) == ("<i>new</i>", True)
    assert "p-1" in mina.get(address).text
    assert [current for _, _, current in _views(mina.get("/posts").text)] == [False]
    assert _views(ada.get("/posts").text) == []
    assert ada.send("/views/1/delete", {}).status_code == 404
    gone = mina.send("/views/1/delete", {})
    page = mina.get(gone.headers["Location"]).text
    assert "Deleted: &lt;i&gt;new&lt;/i&gt;." in page
    assert _views(page) == []


def test_a_view_without_a_name_is_refused_in_words(mina: Visitor) -> None:
    answer = mina.send(f"/views?{ASKED}", {"name": " "}, follow_redirects=True)
    assert "A view needs a name, no longer than 40." in answer.text
