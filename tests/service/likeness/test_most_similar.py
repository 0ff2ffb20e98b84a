"""The few posts that look like one, in its representation: never dear, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from service.likeness.most_similar import FEW, most_similar, most_similar_each
from service.outbox.enqueue import enqueue
from service.parts import Parts
from service.tables import Post
from tests.growth.recorder import recorded
from tests.service.similar.rows import add_seen


def of(parts: Parts, row: int) -> list[dict[str, Any]]:
    with parts.sessions() as session:
        return most_similar(session, session.get_one(Post, row))


@pytest.mark.usefixtures("index")
def test_a_post_and_its_callback_name_the_likest_posts(
    parts: Parts, client: FlaskClient, bearer: dict[str, str]
) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"})
    add_seen(parts, "p-near", {"카페": "relevant"}, (5,))
    add_seen(parts, "p-less", {"카페": "relevant"}, (30,))
    add_seen(parts, "p-far", {"카페": "relevant"}, (50,))
    expected = [
        {"id": "p-near", "revision": 1, "likeness": 0.9962, "same": True},
        {"id": "p-less", "revision": 1, "likeness": pytest.approx(0.866, abs=1e-3), "same": False},
    ]
    answer = client.get("/v1/posts/p-1", headers=bearer).json or {}
    assert answer["similar"] == expected
    with parts.sessions.begin() as session:
        delivery = enqueue(session, session.get_one(Post, row))
        assert delivery.body["data"]["similar"] == expected


@pytest.mark.usefixtures("index")
def test_no_more_than_a_few_are_named(parts: Parts) -> None:
    rows = [add_seen(parts, f"p-{n}", {"카페": "relevant"}, (n,)) for n in range(FEW + 3)]
    assert [one["id"] for one in of(parts, rows[0])] == [f"p-{n}" for n in range(1, FEW + 1)]


@pytest.mark.usefixtures("index")
def test_several_posts_ask_as_often_as_one_and_get_the_same(parts: Parts) -> None:
    rows = [add_seen(parts, f"p-{n}", {"카페": "relevant"}, (n, 3 * n)) for n in range(6)]
    rows.append(add_seen(parts, "p-unread", {"카페": "relevant"}, (None,)))
    made_by = parts.screener.current().bundle.embedding_id
    alone: dict[int, list[Any]] = {}
    asked: set[int] = set()
    with parts.sessions() as session:
        posts = [session.get_one(Post, row) for row in rows]
        for some in (*([post] for post in posts[:-1]), posts):
            with recorded(parts.sessions.kw["bind"]) as queries:
                together = most_similar_each(session, some, made_by)
            asked.add(len(queries))
            if len(some) == 1:
                alone |= together
    assert together == alone | {rows[-1]: []}
    assert len(asked) == 1


@pytest.mark.usefixtures("index")
def test_posts_that_show_nothing_or_wait_have_none(parts: Parts) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"})
    unread = add_seen(parts, "p-2", {"카페": "relevant"}, (None,))
    waits = add_seen(parts, "p-3", {}, (0,), state="pending", decision=None, decided_by=None)
    assert of(parts, unread) == of(parts, waits) == []


def test_without_an_index_none_is_named_rather_than_everything_read(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"})
    add_seen(parts, "p-2", {"카페": "relevant"})
    assert of(parts, row) == []


@pytest.mark.usefixtures("index")
def test_a_search_that_takes_long_is_given_up_and_the_transaction_goes_on(parts: Parts) -> None:
    row = add_seen(parts, "p-1", {"카페": "relevant"})
    add_seen(parts, "p-2", {"카페": "relevant"})
    limit = select(func.current_setting("statement_timeout"))
    with parts.sessions() as session:
        before = session.scalar(limit)
        post = session.get_one(Post, row)
        with parts.sessions.begin() as other:
            # Whoever reads embeddings waits for this.
            other.execute(text("LOCK TABLE images IN ACCESS EXCLUSIVE MODE"))
            assert most_similar(session, post, parts.screener.current().bundle.embedding_id) == []
        assert session.scalar(limit) == before
        assert [one["id"] for one in most_similar(session, post)] == ["p-2"]
        assert session.scalar(limit) == before
