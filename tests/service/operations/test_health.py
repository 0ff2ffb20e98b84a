"""Alive is not ready, and both say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.event import listen

from service.app import create_app
from service.config import Config
from service.parts import Parts, make_parts
from service.waits import OutageError, end, note


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    answer = client.get("/readyz")
    assert (answer.status_code, (answer.json or {})["status"]) == (200, "ready")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"database_url": "postgresql://nobody@127.0.0.1:9/none"}, "database"),
        ({"redis_url": "redis://127.0.0.1:9/0"}, "broker"),
        ({"bundle": Path("/nowhere")}, "bundle"),
        ({"ruleset": Path("/nowhere.yaml")}, "ruleset"),
    ],
)
def test_a_part_that_is_away_is_named_while_the_process_lives(
    config: Config, parts: Parts, change: dict[str, object], part: str
) -> None:
    broken = make_parts(config.model_copy(update=change))
    if part in {"bundle", "ruleset"}:
        kept = {"sessions": parts.sessions, "redis": parts.redis}
    elif part == "database":
        kept = {"redis": parts.redis, "screener": parts.screener}
    else:
        kept = {"sessions": parts.sessions, "screener": parts.screener}
    client = create_app(broken.config, Parts(**(vars(broken) | kept))).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json or {})["parts"][part].startswith("not ready")
    assert client.get("/healthz").status_code == 200
    broken.close()


def test_a_database_that_takes_nothing_is_not_ready(config: Config, parts: Parts) -> None:
    """A standby answers every question; posts would be refused while all seemed well."""
    joint = "&" if "?" in config.database_url else "?"
    standby = f"{config.database_url}{joint}options=-c%20default_transaction_read_only%3Don"
    broken = make_parts(config.model_copy(update={"database_url": standby}))
    kept = {"redis": parts.redis, "screener": parts.screener}
    client = create_app(broken.config, Parts(**(vars(broken) | kept))).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    said = (answer.json or {})["parts"]
    assert said["database"] == "not ready: ReadOnlyError"
    assert said["screening"] == "waits for the database"
    broken.close()


def test_without_the_database_nothing_else_that_it_holds_is_asked_for(
    config: Config, parts: Parts
) -> None:
    """Each would wait for it as long again: the answer would come after the one who asked left."""
    broken = make_parts(config.model_copy(update={"database_url": "postgresql://no@127.0.0.1:9/x"}))
    asked: list[str] = []
    listen(broken.sessions.kw["bind"], "do_connect", lambda *_: asked.append("database"))
    kept = {"redis": parts.redis}
    client = create_app(broken.config, Parts(**(vars(broken) | kept))).test_client()
    said = (client.get("/readyz").json or {})["parts"]
    assert said["database"].startswith("not ready")
    waiting = {name for name, state in said.items() if state == "waits for the database"}
    assert waiting == {"bundle", "ruleset", "screening"}
    assert asked == ["database"]
    broken.close()


def test_what_screening_waits_for_is_said_and_posts_are_taken_in_all_the_same(
    client: FlaskClient, parts: Parts
) -> None:
    note(parts.sessions, OutageError("store", OSError("/secret/place is away")))
    answer = client.get("/readyz")
    said = (answer.json or {})["parts"]["screening"]
    assert answer.status_code == 200
    assert said.startswith("waits for the store, away since 20")
    assert "secret" not in answer.text
    with parts.sessions.begin() as session:
        end(session)
    assert (client.get("/readyz").json or {})["parts"]["screening"] == "ready"
