"""`GET /v1/posts`: posts by state, decision and time, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from rules import normalise
from service.api.schemas import PostList
from service.parts import Parts
from service.tables import Post, Verdict

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Add = Callable[..., None]


@pytest.fixture
def add(parts: Parts) -> Add:
    """Adds a post that was received so many minutes before noon."""

    def make(name: str, minutes: float = 0, hashtag: str = "", **columns: Any) -> None:
        state = columns.get("state", "decided")
        decided = {"decision": "pass", "decided_by": "model", "decided_at": NOON}
        row: dict[str, Any] = {
            "external_id": name,
            "revision": 1,
            "author_id": "u-7",
            "caption": "",
            "hashtags": [],
            "posted_at": NOON,
            "received_at": NOON - timedelta(minutes=minutes),
            "state": "decided",
            **(decided if state == "decided" else {}),
        }
        post = Post(**row | columns)
        if hashtag:
            post.verdicts = [
                Verdict(
                    position=0,
                    tag=hashtag,
                    normalised=normalise(hashtag),
                    verdict="relevant",
                    model_verdict="relevant",
                    resolved_by="lexicon",
                    confidence=1.0,
                    reason={},
                    trace={},
                )
            ]
        with parts.sessions.begin() as session:
            session.add(post)

    return make


@pytest.fixture
def read(client: FlaskClient, bearer: dict[str, str]) -> Callable[..., PostList]:
    def make(**query: str) -> PostList:
        answer = client.get("/v1/posts", query_string=query, headers=bearer)
        assert answer.status_code == 200, answer.text
        return PostList.model_validate_json(answer.data)

    return make


Read = Callable[..., PostList]


def ids(page: PostList) -> list[str]:
    return [post.id for post in page.posts]


def pages(read: Read, **query: str) -> Iterator[PostList]:
    page = read(**query)
    yield page
    while page.next_cursor:
        page = read(**query, cursor=page.next_cursor)
        yield page


def test_all_posts_are_listed_the_last_received_first(add: Add, read: Read) -> None:
    add("waiting", 1, state="pending")
    add("old", 30)
    add("new", 0)
    page = read()
    assert ids(page) == ["new", "waiting", "old"]
    assert page.next_cursor is None
    assert page.posts[0].model_dump() == {
        "id": "new",
        "revision": 1,
        "author": {"id": "u-7"},
        "created_at": NOON,
        "received_at": NOON,
        "state": "decided",
        "decision": "pass",
        "decided_by": "model",
        "decided_at": NOON,
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "pending"}, ["pending"]),
        ({"state": "superseded"}, ["replaced"]),
        ({"state": "deleted"}, ["gone"]),
        ({"state": "decided"}, ["passed", "flagged", "doubtful"]),
        ({"decision": "flag"}, ["flagged"]),
        ({"decision": "flag", "state": "decided"}, ["flagged"]),
        ({"decision": "review"}, ["doubtful"]),
        ({"author": "u-8"}, ["flagged"]),
        ({"author": "u-8", "decision": "pass"}, []),
        ({"hashtag": "카페"}, ["doubtful"]),
        ({"hashtag": "#카페☕"}, ["doubtful"]),
        ({"hashtag": "#☕"}, ["passed"]),
        ({"hashtag": "🍕"}, []),
        ({"since": "2026-11-20T11:57:00Z"}, ["pending", "passed", "replaced", "flagged"]),
        ({"until": "2026-11-20T11:57:00Z"}, ["doubtful", "gone"]),
        (
            {"since": "2026-11-20T20:58:00+09:00", "until": "2026-11-20T12:00:00Z"},
            ["passed", "replaced"],
        ),
        ({"decision": "flag", "until": "2026-11-20T11:00:00Z"}, []),
    ],
)
def test_each_way_to_ask(add: Add, read: Read, query: dict[str, str], found: list[str]) -> None:
    add("pending", 0, state="pending")
    add("passed", 1, hashtag="☕")
    # It keeps what was decided on it, and is no decided post any more.
    add("replaced", 2, state="superseded", decision="flag", decided_by="model")
    add("flagged", 3, decision="flag", author_id="u-8")
    add("doubtful", 4, decision="review", hashtag="카페")
    add("gone", 5, state="deleted", author_id="")
    assert ids(read(**query)) == found


def test_a_deleted_post_has_no_author(add: Add, read: Read) -> None:
    add("gone", state="deleted", author_id="")
    (post,) = read().posts
    assert post.author is None


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_hold_each_post_once_also_of_one_moment(add: Add, read: Read, limit: int) -> None:
    for number in range(7):
        add(f"p-{number}", 0 if number < 5 else 9)
    found = [ids(page) for page in pages(read, limit=str(limit))]
    assert [name for page in found for name in page] == [
        *("p-4", "p-3", "p-2", "p-1", "p-0", "p-6", "p-5"),
    ]
    assert all(len(page) <= limit for page in found)


def test_pages_stay_whole_while_posts_arrive_and_go(add: Add, read: Read, parts: Parts) -> None:
    for number in range(6):
        add(f"p-{number}", 10 - number, decision="flag")
    seen: list[str] = []
    for page in pages(read, limit="2", decision="flag"):
        seen += ids(page)
        add(f"late-{len(seen)}", decision="flag")
        with parts.sessions.begin() as session:  # the post at which the next page begins is gone
            session.execute(text(f"DELETE FROM posts WHERE external_id = '{seen[-1]}'"))  # noqa: S608
    assert seen == ["p-5", "p-4", "p-3", "p-2", "p-1", "p-0"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=done", "state"),
        ("decision=maybe", "decision"),
        ("state=pending&decision=flag", "decision"),
        ("since=yesterday", "since"),
        ("since=2026-11-20", "since"),
        ("since=2026-11-20T12:00:00", "since"),
        ("since=2026-11-20T12:00:00+09:00", "since"),  # the + is a space
        ("until=0001-01-01T00:00:00%2B14:00", "until"),
        ("until=9999-12-31T23:59:59-14:00", "until"),
        ("until=1763640000", "until"),
        ("author=", "author"),
        ("author=" + "a" * 201, "author"),
        ("hashtag=", "hashtag"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=", "cursor"),
        ("cursor=YQ", "cursor"),
        ("cursor=%F0%9F", "cursor"),
        ("cursor=YmVmb3JlOjE", "cursor"),  # a feed's
        ("cursor=YmVmb3JlOjkyMjMzNzIwMzY4NTQ3NzU4MDc6MQ", "cursor"),  # a year that is none
    ],
)
def test_a_wrong_query_is_named(
    client: FlaskClient, bearer: dict[str, str], query: str, field: str
) -> None:
    answer = client.get(f"/v1/posts?{query}", headers=bearer)
    assert answer.status_code == 400, answer.text
    problem = answer.json or {}
    assert problem["code"] == "bad-query"
    assert problem["errors"][0]["pointer"] == f"/{field}"
