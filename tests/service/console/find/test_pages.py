"""The page of found posts, and what the palette asks while somebody types."""

from __future__ import annotations

import pytest

from service.parts import Parts
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def coffee(parts: Parts) -> int:
    return add_post(parts, "p-1", {"카페": "irrelevant"}, caption="<b>coffee</b> in 성수")


def test_a_post_is_listed_under_what_found_it(mina: Visitor, coffee: int) -> None:
    page = mina.get("/find?q=coffee").text
    assert "Words of the caption" in page
    assert f'href="/posts/{coffee}"' in page
    assert "&lt;b&gt;coffee" in page


def test_nothing_found_says_what_can_be_looked_for(mina: Visitor) -> None:
    page = mina.get("/find?q=zebra").text
    assert "No post matches “zebra”." in page
    assert "the day on which it was received" in page


def test_the_palette_gets_each_post_once(mina: Visitor, coffee: int) -> None:
    assert mina.get("/find.json?q=p-1").json == [
        {"name": "p-1  <b>coffee</b> in 성수", "url": f"/posts/{coffee}"}
    ]
    assert mina.get("/find.json?q=").json == []


@pytest.mark.parametrize("path", ["/find?q=p-1", "/find.json?q=p-1"])
def test_only_who_is_signed_in_finds(visitor: Visitor, coffee: int, path: str) -> None:
    assert "coffee" not in visitor.get(path).text
