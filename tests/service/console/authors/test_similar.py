"""The page of authors whose photographs look like an author's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.parts import Parts
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor
from tests.service.similar.rows import add_seen

ODD = "u/1?&<b>"


@pytest.mark.usefixtures("index")
def test_an_author_leads_to_others_with_the_likest_photographs(
    parts: Parts, mina: Visitor, jpeg: Callable[..., bytes]
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, (0,), jpeg(seed=1), author_id=ODD)
    add_seen(parts, "p-2", {"카페": "relevant"}, (60,), jpeg(seed=2), author_id="u-2")
    address = "/author/similar?id=u/1?%26%3Cb%3E"
    assert address in mina.get("/author", query_string={"id": ODD}).text
    page = mina.get("/author/similar", query_string={"id": ODD}).text
    assert '<a href="/author?id=u-2"><bdi>u-2</bdi></a>' in page
    assert "Mean likeness 50%, best 50%" in page
    assert "Open post p-2" in page
    assert page.count("<img") >= 2


@pytest.mark.usefixtures("index")
def test_a_page_without_anything_says_why(
    parts: Parts, mina: Visitor, signed_in: NewVisitor
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, author_id="u-1")
    add_seen(parts, "p-2", {"카페": "relevant"}, (None,), author_id="u-2")
    assert "No other author has posted" in mina.get("/author/similar?id=u-1").text
    assert "Nothing can be compared" in mina.get("/author/similar?id=u-2").text
    korean = signed_in("ana", "analyst", "ko").get("/author/similar?id=u-1").text
    assert "아직 사진을 올린 다른 작성자가 없어요." in korean
    assert mina.get("/author/similar?id=nobody").status_code == 404


def test_a_page_while_the_index_is_built_says_so(parts: Parts, mina: Visitor) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, author_id="u-1")
    assert "is being built" in mina.get("/author/similar?id=u-1").text
