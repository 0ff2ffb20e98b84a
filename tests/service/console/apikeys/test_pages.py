"""Admins make a key for each platform, see it once, and revoke it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from service.app import create_app
from service.config import Config
from service.parts import Parts
from service.tables import ApiKey, AuditEntry, Post
from tests.service.console.conftest import NewVisitor
from tests.service.console.rows import add_post
from tests.service.console.visitor import Visitor


@pytest.fixture
def ada(signed_in: NewVisitor) -> Visitor:
    return signed_in("ada", "admin")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page)))


def made(visitor: Visitor, name: str, lasts: str = "") -> str:
    answer = visitor.send("/api-keys", {"name": name, "lasts": lasts})
    assert answer.status_code == 200, answer.text
    found = re.search(r'<code class="secret"[^>]*>([^<]+)</code>', answer.text)
    assert found
    return found[1]


def status(app: Flask, key: str, path: str = "/v1/posts") -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return app.test_client().get(path, headers=headers).status_code


def row(parts: Parts, name: str) -> Any:
    with parts.sessions() as session:
        return session.scalars(select(ApiKey).where(ApiKey.name == name)).one()


@pytest.mark.parametrize("role", ["moderator", "analyst"])
def test_it_is_for_admins(signed_in: NewVisitor, role: str) -> None:
    visitor = signed_in("mina", role)
    assert visitor.get("/api-keys").status_code == 403
    assert visitor.get("/api-keys/1/revoke").status_code == 403


def test_a_key_is_shown_once_and_opens_the_api(app: Flask, ada: Visitor) -> None:
    assert 'href="/api-keys"' in ada.get("/people").text
    key = made(ada, "모바일 앱")
    assert status(app, key) == 200
    page = ada.get("/api-keys").text
    assert key not in page
    assert key[:12] in page
    assert "모바일 앱" in page
    assert re.search(r"last used .*? until it is revoked Revoke", words(page))


def test_a_key_lasts_as_long_as_was_chosen(ada: Visitor, parts: Parts) -> None:
    made(ada, "web", "90")
    assert (row(parts, "web").expires_at - datetime.now(UTC)).days == 89


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "", "lasts": ""}, "A name has 1 to 64"),
        ({"name": "web", "lasts": ""}, "has this name already"),
        ({"name": "new", "lasts": "-1"}, "Choose how long"),
        ({"name": "new", "lasts": "²"}, "Choose how long"),
    ],
)
def test_a_key_that_cannot_be_made_says_why(
    ada: Visitor, parts: Parts, form: dict[str, str], says: str
) -> None:
    made(ada, "web")
    answer = ada.send("/api-keys", form)
    assert answer.status_code == 422
    assert says in answer.text
    with parts.sessions() as session:
        assert len(session.scalars(select(ApiKey)).all()) == 1


def test_revoking_is_asked_first(app: Flask, ada: Visitor, parts: Parts, config: Config) -> None:
    key = made(ada, "web")
    address = f"/api-keys/{row(parts, 'web').id}/revoke"
    assert "Revoke “web”?" in ada.get(address).text
    assert status(app, key) == 200
    done = ada.send(address, {}, follow_redirects=True)
    assert "The key is revoked" in done.text
    assert "revoked by ada" in words(done.text)
    assert "No key that was made here can be used any more." in words(done.text)
    assert status(create_app(config, parts), key) == 401, "by a process that never saw it"
    again = ada.send(address, {}, follow_redirects=True)
    assert "somebody did before" in again.text
    assert ada.get(address).location == "/api-keys", "nothing is asked of a key that is revoked"
    assert "somebody did before" in ada.get("/api-keys").text


def test_a_key_that_never_was_is_not_found(ada: Visitor) -> None:
    assert ada.get("/api-keys/9/revoke").status_code == 404


def test_the_log_says_which_platform_acted(app: Flask, ada: Visitor, parts: Parts) -> None:
    key = made(ada, "web")
    add_post(parts, "p-1", {"카페": "relevant"})
    answer = app.test_client().delete("/v1/posts/p-1", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code in (200, 202)
    with parts.sessions() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry
    assert (entry.actor, entry.action) == ("api:web", "post.deleted")


@pytest.mark.slow
def test_many_threads_delete_with_keys_of_their_own_and_the_log_keeps_them_apart(
    app: Flask, ada: Visitor, parts: Parts
) -> None:
    keys = [made(ada, f"platform-{number}") for number in range(6)]
    for number in range(24):
        add_post(parts, f"p-{number}", {"카페": "relevant"})

    def remove(number: int) -> int:
        headers = {"Authorization": f"Bearer {keys[number % 6]}"}
        return app.test_client().delete(f"/v1/posts/p-{number}", headers=headers).status_code

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(remove, range(24))) <= {200, 202}
    with parts.sessions() as session:
        log = session.scalars(select(AuditEntry).where(AuditEntry.action == "post.deleted")).all()
        left = session.scalars(select(Post.external_id).where(Post.state != "deleted")).all()
    assert left == []
    assert {(entry.subject, entry.actor) for entry in log} == {
        (f"post:p-{number}", f"api:platform-{number % 6}") for number in range(24)
    }
