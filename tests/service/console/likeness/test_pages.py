"""What looks like a post, or a dropped photograph, as a grid."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

import pytest
from sqlalchemy import func, select

from service.config import Config
from service.console.likeness.words import degree
from service.parts import Parts
from service.screening.pictures import LEAST_PIXELS, open_picture
from service.similar import photograph
from service.tables import Embedding, Image, Post
from tests.service.console.conftest import NewVisitor
from tests.service.console.visitor import Visitor
from tests.service.similar.rows import add_seen

Jpeg = Callable[..., bytes]


def opened(html: str) -> list[str]:
    """The posts of the grid, in its order."""
    return re.findall(r"(?:Open post |게시물 열기: )([\w-]+)", html)


def search(visitor: Visitor, data: bytes, **fields: str) -> Any:
    return visitor.send("/similar", fields | {"photographs": [(io.BytesIO(data), "a.jpg")]})


def test_what_looks_like_a_post_with_its_verdicts(mina: Visitor, parts: Parts, jpeg: Jpeg) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"}, photograph=jpeg())
    add_seen(parts, "p-far", {"여행": "irrelevant"}, (40,), photograph=jpeg())
    near = add_seen(parts, "p-near", {"카페": "relevant"}, (5,), photograph=jpeg())
    page = mina.get(f"/posts/{row}/similar").text
    assert opened(page) == ["p-near", "p-far"]
    assert "99%: the same picture, perhaps changed" in page
    assert "77%: somewhat alike" in page
    assert "#여행" in page
    assert f'href="/posts/{near}"' in page
    assert f'href="/posts/{near}/similar"' in page


def test_the_page_of_a_post_leads_there(mina: Visitor, parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"})
    assert f'href="/posts/{row}/similar"' in mina.get(f"/posts/{row}").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("min=0.95", ["p-2"]),
        ("decision=flag", ["p-3"]),
        ("hashtag=%23여행", ["p-3"]),
        ("author=u-9", ["p-2"]),
        ("days=1&min=0.8", ["p-2"]),
        ("decision=pass&hashtag=여행", []),
        ("min=nan&decision=x&days=-1", ["p-2", "p-3"]),
    ],
)
def test_filters_narrow_the_grid(
    mina: Visitor, parts: Parts, query: str, expected: list[str]
) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"})
    add_seen(parts, "p-2", {"카페": "relevant"}, (1,), author_id="u-9")
    add_seen(parts, "p-3", {"여행": "irrelevant"}, (45,))
    page = mina.get(f"/posts/{row}/similar?{query}").text
    assert opened(page) == expected
    assert expected or "No post looks like this and matches the filters." in page


def test_less_alike_posts_are_on_further_pages(mina: Visitor, parts: Parts) -> None:
    row = add_seen(parts, "p-0", {"카페": "relevant"})
    for number in range(1, 27):
        add_seen(parts, f"p-{number}", {"카페": "relevant"}, (number,))
    first = mina.get(f"/posts/{row}/similar").text
    (more,) = re.findall(r'href="([^"]+)">Less alike', first)
    second = mina.get(more.replace("&amp;", "&")).text
    assert opened(first) + opened(second) == [f"p-{number}" for number in range(1, 27)]
    assert "Less alike" not in second
    assert mina.get(f"/posts/{row}/similar?cursor=x").status_code == 404


def test_posts_that_cannot_be_compared_say_so(mina: Visitor, parts: Parts) -> None:
    unread = add_seen(parts, "p-1", {"카페": "relevant"}, (None,))
    alone = add_seen(parts, "p-2", {"카페": "relevant"})
    gone = add_seen(parts, "p-3", {"카페": "relevant"}, state="deleted")
    assert "Nothing can be compared" in mina.get(f"/posts/{unread}/similar").text
    assert "No other post looks like this." in mina.get(f"/posts/{alone}/similar").text
    assert mina.get(f"/posts/{gone}/similar").status_code == 404


def test_a_dropped_photograph_finds_itself_and_nothing_of_it_is_stored(
    mina: Visitor, parts: Parts, config: Config, jpeg: Jpeg
) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"}, (None,))
    (look,) = parts.screener.current().see([open_picture(jpeg(seed=1), config, LEAST_PIXELS).image])
    with parts.sessions.begin() as session:
        image = session.get_one(Post, row).images[0]
        made_by = parts.screener.current().bundle.embedding_id
        vector = look.prediction.embedding
        session.add(Embedding(image_id=image.id, made_by=made_by, vector=vector))
    page = search(mina, jpeg(seed=1))
    assert page.status_code == 200
    assert opened(page.text) == ["p-1"]
    assert opened(search(mina, jpeg(seed=1), decision="flag").text) == []
    with parts.sessions() as session:
        assert session.scalar(select(func.count(Image.id))) == 1


def test_what_is_no_photograph_is_said(
    mina: Visitor, jpeg: Jpeg, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = search(mina, b"no photograph")
    assert page.status_code == 422
    assert "This photograph could not be read: it is not an image." in page.text
    assert mina.send("/similar", {}).status_code == 422

    monkeypatch.setattr(photograph, "_places", BoundedSemaphore(1))
    with photograph._places:
        assert search(mina, jpeg()).status_code == 503


def test_the_page_speaks_korean(signed_in: NewVisitor, parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"})
    add_seen(parts, "p-2", {"카페": "relevant"}, (30,))
    ana = signed_in(language="ko")
    assert "87%: 많이 비슷해요" in ana.get(f"/posts/{row}/similar").text
    assert "사진은 저장하지 않아요" in ana.get("/similar").text


@pytest.mark.parametrize("likeness", [1.0, 0.95, 0.9, 0.85, 0.7, 0.2, 0.0, -0.1])
def test_every_likeness_has_its_words(likeness: float) -> None:
    assert str(degree(likeness))
