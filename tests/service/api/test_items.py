"""Items, interactions and recommendations over the wire."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from service.items.embed import embed_items
from service.parts import Parts
from service.queue import Queue
from service.tables import AuditEntry
from tests.service.uploads.conftest import Sender, code, files, folder, own, sender, service, store

__all__ = ["folder", "own", "sender", "service", "store"]  # fixtures

Jpeg = Callable[..., bytes]
AT = "2026-11-20T12:00:00Z"


@pytest.fixture
def call(client: FlaskClient, bearer: dict[str, str]) -> Callable[..., Any]:
    def make(method: str, path: str, body: object = None) -> Any:
        return client.open(f"/v1{path}", method=method, json=body, headers=bearer)

    return make


def event(name: str, user: str, item: str, **changes: Any) -> dict[str, Any]:
    sent = {"id": name, "user": {"id": user}, "item": {"id": item}, "kind": "like", "at": AT}
    return sent | changes


def test_an_item_is_taken_looked_at_and_shown(call: Any, parts: Parts, jpeg: Jpeg) -> None:
    picture = {"base64": base64.b64encode(jpeg(seed=1)).decode()}
    body = {"id": "film/1", "title": "A film", "text": "Of the sea", "images": [picture]}
    answer = call("POST", "/items", body | {"tags": ["sea"], "link": "https://a.example/1"})
    assert (answer.status_code, answer.json) == (202, {"id": "film/1", "state": "pending"})
    assert parts.redis.llen(Queue.LOOKING) == 1
    embed_items(parts)
    shown = call("GET", "/items/film/1").json
    assert (shown["state"], shown["tags"]) == ("ready", ["sea"])
    assert shown["images"] == [{"index": 0, "error": None}]
    assert call("POST", "/items", {"id": "b", "text": "Words"}).json["state"] == "pending"
    embed_items(parts)
    assert call("POST", "/items", {"id": "b", "text": "Words"}).json["state"] == "ready"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": ""}, ""),
        ({"id": "../x"}, "/id"),
        ({"images": [{"part": "one"}]}, ""),
        ({"images": [{"base64": "AAAA"}] * 11}, "/images"),
        ({"images": [{"upload": "nobody's"}]}, "/images/0/upload"),
    ],
)
def test_a_broken_item_is_refused_by_its_field(call: Any, changes: Any, pointer: str) -> None:
    answer = call("POST", "/items", {"id": "a", "title": "A title"} | changes)
    assert code(answer) == (422, "invalid-item")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]
    assert code(call("GET", "/items/a")) == (404, "unknown-item")


def test_an_upload_is_the_items_and_is_erased_with_it(
    sender: Sender, folder: Path, jpeg: Jpeg
) -> None:
    def send(name: str) -> Any:
        body = {"id": name, "images": [{"upload": key}]}
        return sender.http.post("/v1/items", json=body, headers=sender.bearer)

    key = sender.upload(jpeg(seed=1))
    assert send("a").status_code == 202
    assert code(send("b")) == (422, "invalid-item"), "it is another's"
    assert embed_items(sender.parts) == 1
    assert len(files(folder)) == 1
    assert sender.http.delete("/v1/items/a", headers=sender.bearer).status_code == 204
    assert files(folder) == []


def test_what_people_did_leads_to_recommendations(call: Any) -> None:
    for name in ("a", "b", "c"):
        call("POST", "/items", {"id": name, "title": f"Film {name}"})
    events = [event(f"{user}-{name}", user, name) for user in "uv" for name in "ab"]
    answer = call("POST", "/interactions", [*events, event("x", "u", "nobody's")])
    assert (answer.status_code, answer.json) == (202, {"accepted": 5, "known": 4})
    one = call("POST", "/interactions", event("w-a", "w", "a", value=12.5))
    assert one.json == {"accepted": 1, "known": 1}
    answer = call("GET", "/recommend?userid=w&k=1")
    assert answer.status_code == 200
    (first,) = answer.json["items"]
    assert (first["id"], first["kind"]) == ("b", "item")
    assert set(first["reason"]) == {"en", "ko"}
    assert answer.json["model"].startswith("blend-2 ")


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (event("e", "u", "a", kind="hate"), "/kind"),
        (event("e", "u", "a", post={"id": "p"}), ""),
        (event("e", "u", "a", at="yesterday"), "/at"),
        (event("e", "u", "a", value=-1), "/value"),
        ([], ""),
        ([event("e", "u", "a")] * 1001, ""),
        ([event("e", "u", "a"), event("f", "", "a")], "/1/user/id"),
    ],
)
def test_broken_interactions_are_refused_whole(call: Any, sent: Any, pointer: str) -> None:
    answer = call("POST", "/interactions", sent)
    assert code(answer) == (422, "invalid-interaction")
    assert answer.json["errors"][0]["pointer"] == pointer


def test_whoever_was_deleted_has_a_receipt_of_what_went(call: Any) -> None:
    assert code(call("GET", "/users/u@example")) == (404, "no-receipt")
    call("POST", "/items", {"id": "a", "title": "A"})
    call("POST", "/interactions", [event("e", "u@example", "a"), event("f", "other", "a")])
    assert code(call("GET", "/users/u@example")) == (404, "no-receipt")
    call("DELETE", "/users/u@example")
    receipt = call("GET", "/users/u@example").json
    assert (receipt["id"], receipt["erased"]) == ("u@example", {"interactions": 1, "opinions": 1})
    call("DELETE", "/users/u@example")  # nothing more to delete: the receipt is of what went
    assert call("GET", "/users/u@example").json == receipt
    assert code(call("GET", "/users/other")) == (404, "no-receipt")


@pytest.mark.parametrize("query", ["", "?userid=", "?userid=u&k=0", "?userid=u&language=fr"])
def test_a_broken_question_is_refused(call: Any, query: str) -> None:
    assert code(call("GET", f"/recommend{query}")) == (400, "bad-query")


def test_deletions_are_written_down_once_and_may_be_repeated(call: Any, parts: Parts) -> None:
    call("POST", "/items", {"id": "a", "title": "A"})
    call("POST", "/interactions", event("e", "u@example", "a"))
    for path in ("/users/u@example", "/items/a", "/users/u@example", "/items/a"):
        answer = call("DELETE", path)
        assert (answer.status_code, answer.data) == (204, b"")
    with parts.sessions() as session:
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.details) for entry in log] == [
        ("viewer.deleted", {"interactions": 1, "opinions": 1}),
        ("item.deleted", {"pictures": 0, "vectors": 0, "interactions": 0}),
    ]
    assert "u@example" not in log[0].subject


def test_nobody_without_a_key_is_answered(client: FlaskClient) -> None:
    for method, path in (("POST", "/items"), ("GET", "/recommend"), ("DELETE", "/users/u")):
        assert code(client.open(f"/v1{path}", method=method)) == (401, "no-api-key")
