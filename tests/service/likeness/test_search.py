"""Posts by likeness: what is found, in which order, page by page, by the index and without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from service.likeness import search as searching
from service.likeness.filters import Filters
from service.likeness.index import build_index, index_name
from service.likeness.search import LikenessQuery, SimilarPage, search
from service.parts import Parts
from service.posts.cursor import CursorError
from service.tables import Embedding, Post
from tests.service.likeness.test_index import _explain
from tests.service.similar.rows import add_seen, at

LAST_WEEK = datetime.now(UTC) - timedelta(days=7)


@pytest.fixture
def asked(parts: Parts) -> Any:
    """Searches from an angle of 0 degrees, or others."""

    def make(*degrees: float, **changes: Any) -> SimilarPage:
        bundle = parts.screener.current().bundle
        embeddings = np.array([at(one, bundle.dimension) for one in degrees or (0,)], np.float32)
        values: dict[str, Any] = {
            "embeddings": embeddings,
            "made_by": bundle.embedding_id,
            "limit": 10,
        } | changes
        with parts.sessions() as session:
            return search(session, LikenessQuery(**values))

    return make


@pytest.fixture(params=["few", "index"])
def ways(
    request: pytest.FixtureRequest, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Filters that match few posts, and the same with the index followed."""
    network = parts.screener.current().bundle.embedding_id
    if request.param == "index":
        monkeypatch.setattr(searching, "EXACT_POSTS", 0)
        build_index(parts, network)
    yield
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{index_name(network)}"'))


def names(page: SimilarPage) -> list[str]:
    return [one.id for one in page.posts]


def test_posts_come_with_the_likest_first(parts: Parts, asked: Any) -> None:
    for degrees in (40, 1, 10):
        add_seen(parts, f"p-{degrees}", {"카페": "relevant"}, (degrees,))
    page = asked()
    assert names(page) == ["p-1", "p-10", "p-40"]
    assert [one.likeness for one in page.posts] == pytest.approx(
        [np.cos(np.radians(degrees)) for degrees in (1, 10, 40)], abs=1e-3
    )
    assert [one.same for one in page.posts] == [True, True, False]
    assert page.next_cursor is None


def test_a_post_is_as_like_as_its_likest_photograph_and_found_once(
    parts: Parts, asked: Any
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, (80, 3, 5))
    add_seen(parts, "p-2", {"카페": "relevant"}, (86,))
    page = asked(0, 90)
    assert names(page) == ["p-1", "p-2"]
    assert page.posts[0].likeness == pytest.approx(np.cos(np.radians(3)), abs=1e-3)


def test_a_minimum_leaves_out_what_is_less_alike(parts: Parts, asked: Any) -> None:
    for degrees in (5, 30):
        add_seen(parts, f"p-{degrees}", {"카페": "relevant"}, (degrees,))
    assert names(asked(least=0.9)) == ["p-5"]


@pytest.mark.parametrize("changes", [{"state": "superseded"}, {"state": "deleted"}])
def test_what_is_gone_or_replaced_is_never_found(
    parts: Parts, asked: Any, changes: dict[str, Any]
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, **changes)
    assert names(asked()) == []


def test_the_post_itself_is_not_found(parts: Parts, asked: Any) -> None:
    for name in ("p-1", "p-2"):
        add_seen(parts, name, {"카페": "relevant"})
    assert names(asked(other_than="p-1")) == ["p-2"]


def test_embeddings_of_another_network_are_not_compared(parts: Parts, asked: Any) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"}, (None,))
    with parts.sessions.begin() as session:
        image = session.get_one(Post, row).images[0]
        session.add(Embedding(image_id=image.id, made_by="another", vector=[1.0, 0.0]))
    assert names(asked()) == []


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), ["p-1", "p-2", "p-3"]),
        (Filters(decision="flag"), ["p-2"]),
        (Filters(author="u-9"), ["p-3"]),
        (Filters(hashtag="#여행"), ["p-3"]),
        (Filters(category="cafe"), ["p-1", "p-2", "p-3"]),
        (Filters(category="pet"), []),
        (Filters(since=LAST_WEEK), ["p-1", "p-3"]),
        (Filters(since=LAST_WEEK, author="u-9", hashtag="여행"), ["p-3"]),
        (Filters(decision="flag", author="u-9"), []),
    ],
)
def test_filters_hold_together(
    parts: Parts, asked: Any, filters: Filters, expected: list[str]
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=100)
    add_seen(parts, "p-1", {"카페": "relevant"}, (1,))
    add_seen(parts, "p-2", {"카페": "irrelevant"}, (2,), received_at=long_ago)
    add_seen(parts, "p-3", {"여행": "relevant"}, (3,), author_id="u-9")
    assert names(asked(filters=filters)) == expected


@pytest.mark.usefixtures("ways")
def test_pages_hold_every_post_once_also_where_many_show_the_same(
    parts: Parts, asked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LEAST_WIDTH", 4)  # fewer than show the same
    for number in range(9):
        degrees = (0,) if number < 6 else (number, 0.0 + number)
        add_seen(parts, f"p-{number}", {"카페": "relevant"}, degrees)
    found, cursor = [], None
    for _ in range(20):
        page = asked(limit=2, cursor=cursor, filters=Filters(category="cafe"))
        found += names(page)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert cursor is None
    assert found == [f"p-{number}" for number in range(9)]


def test_a_post_deleted_between_pages_moves_nothing(parts: Parts, asked: Any) -> None:
    for number in range(4):
        row = add_seen(parts, f"p-{number}", {"카페": "relevant"}, (number,))
        if number == 0:
            first = row
    page = asked(limit=2)
    with parts.sessions.begin() as session:
        session.get_one(Post, first).state = "deleted"
    assert names(asked(limit=2, cursor=page.next_cursor)) == ["p-2", "p-3"]


@pytest.mark.parametrize("cursor", ["", "x", "é", "YmVmb3JlOjE", "bGlrZX____________________"])
def test_a_cursor_that_was_never_handed_out_is_refused(asked: Any, cursor: str) -> None:
    with pytest.raises(CursorError):
        asked(cursor=cursor)


def test_the_index_is_followed_in_its_order(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = parts.screener.current().bundle
    build_index(parts, bundle.embedding_id)
    for number in range(3):
        add_seen(parts, f"p-{number}", {"카페": "relevant"}, (number,))
    plans: list[str] = []
    embedding = np.array([at(0, bundle.dimension)], np.float32)
    with parts.sessions() as session:
        # Three rows are read faster without any index, and PostgreSQL knows that.
        session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
        _explain(session, plans)
        page = search(session, LikenessQuery(embedding, bundle.embedding_id, 10))
    with parts.sessions.begin() as session:
        session.execute(text(f'DROP INDEX IF EXISTS "{index_name(bundle.embedding_id)}"'))
    assert names(page) == ["p-0", "p-1", "p-2"]
    assert any(index_name(bundle.embedding_id) in plan for plan in plans)
