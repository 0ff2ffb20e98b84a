"""A platform that sends faster than posts are decided is told so."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text, update

from service.app import create_app
from service.parts import Parts
from service.posts.backlog import Backlog
from service.tables import Post

Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]


@pytest.fixture
def client(parts: Parts) -> FlaskClient:
    """A service that lets two posts wait."""
    config = parts.config.model_copy(update={"backlog_posts": 2})
    return create_app(config, dataclasses.replace(parts, config=config)).test_client()


def send(client: FlaskClient, sign: Sign, body: Body) -> tuple[int, str | None]:
    sent = body()
    answer = client.post(
        "/v1/posts", data=sent, headers=sign(sent), content_type="application/json"
    )
    return answer.status_code, (answer.json or {}).get("code")


def decide_all(parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.execute(update(Post).values(state="superseded"))


def test_a_post_beyond_the_backlog_is_sent_again_later(
    client: FlaskClient, parts: Parts, sign: Sign, body: Body, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.posts.backlog.FRESH_SECONDS", 0)
    assert [send(client, sign, body)[0] for _ in range(2)] == [202, 202]
    assert send(client, sign, body) == (429, "backlog-full")
    decide_all(parts)
    assert send(client, sign, body)[0] == 202


def test_the_backlog_is_counted_once_a_second(
    client: FlaskClient, parts: Parts, sign: Sign, body: Body
) -> None:
    now = 0.0
    backlog = Backlog(parts.sessions, 1, clock=lambda: now)
    queries: list[str] = []
    engine = parts.sessions.kw["bind"]

    def note(_1: object, _2: object, statement: str, *_: object) -> None:
        queries.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert not backlog.is_full()
        assert not backlog.is_full()
        counted = len(queries)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert counted == 1
    send(client, sign, body)
    assert not backlog.is_full()
    now = 1.0
    assert backlog.is_full()


def test_nobody_waits_while_another_counts(parts: Parts) -> None:
    backlog = Backlog(parts.sessions, 1)
    with ThreadPoolExecutor(9) as threads, parts.sessions.begin() as session:
        session.execute(text("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE"))
        counts = [threads.submit(backlog.is_full) for _ in range(9)]
        # The one that counts waits for the table; the others do not wait for it.
        answered = list(islice(as_completed(counts, timeout=100), 8))
    assert not any(count.result() for count in answered)
