"""`GET /v1/hashtags/…/posts`: the feed without what does not belong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from rules import normalise
from service.api.schemas import Feed
from service.parts import Parts
from service.tables import Post, Verdict

Add = Callable[..., None]


@pytest.fixture
def add(parts: Parts) -> Add:
    """Adds a decided post with one verdict."""

    def make(
        name: str, verdict: str = "relevant", tag: str = "카페", state: str = "decided"
    ) -> None:
        post = Post(
            external_id=name,
            revision=1,
            author_id="u",
            caption="",
            hashtags=[tag],
            posted_at=datetime(2026, 11, 20, tzinfo=UTC),
            reach=0,
            state=state,
            attempts=1,
            decision="pass",
            decided_by="model",
        )
        post.verdicts = [
            Verdict(
                position=0,
                tag=tag,
                normalised=normalise(tag),
                verdict=verdict,
                model_verdict=verdict,
                category="cafe",
                resolved_by="lexicon",
                confidence=1.0,
                reason={},
                trace={},
            )
        ]
        with parts.sessions.begin() as session:
            session.add(post)

    return make


def read(client: FlaskClient, bearer: dict[str, str], url: str) -> Feed:
    answer = client.get(url, headers=bearer)
    assert answer.status_code == 200, answer.text
    return Feed.model_validate_json(answer.data)


def test_only_relevant_posts_are_shown(
    client: FlaskClient, bearer: dict[str, str], add: Add
) -> None:
    add("good")
    add("spam", verdict="irrelevant")
    add("old", state="superseded")
    add("other", tag="바다")
    page = read(client, bearer, "/v1/hashtags/카페/posts")
    assert [post.id for post in page.posts] == ["good"]
    assert page.next_cursor is None


def test_a_hashtag_is_found_however_it_is_written(
    client: FlaskClient, bearer: dict[str, str], add: Add
) -> None:
    add("good")
    decomposed = unicodedata.normalize("NFD", "카페")
    for spelling in ("카페", decomposed, "%23카페", "카페☕"):
        assert read(client, bearer, f"/v1/hashtags/{spelling}/posts").posts, spelling


def test_a_hashtag_of_an_emoji_is_not_another(
    client: FlaskClient, bearer: dict[str, str], add: Add
) -> None:
    add("coffee", tag="☕")
    add("pizza", tag="#🍕\ufe0f")
    for name, emoji in (("coffee", "☕"), ("coffee", "☕\ufe0f"), ("pizza", "%23🍕")):
        (post,) = read(client, bearer, f"/v1/hashtags/{emoji}/posts").posts
        assert post.id == name
    assert read(client, bearer, "/v1/hashtags/🐈/posts").posts == []


def test_pages_stay_whole_while_posts_arrive(
    client: FlaskClient, bearer: dict[str, str], add: Add
) -> None:
    for number in range(5):
        add(f"p-{number}")
    seen: list[str] = []
    url = "/v1/hashtags/카페/posts?limit=2"
    cursor = ""
    while True:
        page = read(client, bearer, url + cursor)
        seen += [post.id for post in page.posts]
        add(f"late-{len(seen)}")
        if page.next_cursor is None:
            break
        cursor = f"&cursor={page.next_cursor}"
    assert seen == ["p-4", "p-3", "p-2", "p-1", "p-0"]


def test_what_a_moderator_settles_changes_the_feed(
    client: FlaskClient, bearer: dict[str, str], add: Add, parts: Parts
) -> None:
    add("doubtful", verdict="uncertain")
    assert read(client, bearer, "/v1/hashtags/카페/posts").posts == []
    with parts.sessions.begin() as session:
        session.execute(update(Verdict).values(verdict="relevant"))
    assert len(read(client, bearer, "/v1/hashtags/카페/posts").posts) == 1


def test_a_tag_nobody_used_has_an_empty_page(client: FlaskClient, bearer: dict[str, str]) -> None:
    assert read(client, bearer, "/v1/hashtags/nothing/posts").posts == []


@pytest.mark.parametrize(
    "query", ["verdict=good", "limit=0", "limit=many", "limit=1000", "cursor=%F0%9F", "cursor=YQ"]
)
def test_a_wrong_query_is_named(client: FlaskClient, bearer: dict[str, str], query: str) -> None:
    answer = client.get(f"/v1/hashtags/카페/posts?{query}", headers=bearer)
    assert answer.status_code == 400
    problem = answer.json or {}
    assert problem["code"] == "bad-query"
    assert problem["errors"][0]["pointer"] == "/" + query.partition("=")[0]
