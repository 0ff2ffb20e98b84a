"""`POST`, `GET` and `DELETE /v1/posts`."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from service.api.schemas import Accepted, DeletedOut, ErasureOut, PostOut, ProblemOut
from service.app import create_app
from service.config import Config
from service.parts import Parts
from service.screening.batch import screen
from service.tables import AuditEntry, Delivery, Embedding, Image, Post, Verdict
from tests.conftest import SECRETS

READABLE = (
    *("a/b", ".a", "a.", "...", "%2e%2e", "%2F", "a\\b", "a?b#c&d=e", " ", "a;b", "+"),
    *("\u202egnp.exe", "<b>&amp;\"'", "카페/맛집", "𝒜" * 200, "p-1/appeals", "similar"),
    *("null", "0", "-1"),
)
Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]
Jpeg = Callable[..., bytes]
JSON = "application/json"


def count(parts: Parts, table: Any) -> int:
    with parts.sessions() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def send(client: FlaskClient, sign: Sign, body: bytes, **headers: str) -> Any:
    return client.post("/v1/posts", data=body, content_type=JSON, headers=sign(body) | headers)


def test_a_signed_post_is_one_row_before_it_is_answered(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts
) -> None:
    answer = send(client, sign, body(id="p-1"))
    assert answer.status_code == 202
    accepted = Accepted.model_validate_json(answer.data)
    assert (accepted.id, accepted.revision, accepted.state) == ("p-1", 1, "pending")
    assert answer.headers["Location"] == accepted.status_url
    assert accepted.status_url.endswith("/v1/posts/p-1")
    assert count(parts, Post) == 1


def test_the_same_again_answers_the_same_and_does_nothing(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts
) -> None:
    first = send(client, sign, body(id="p-1"))
    again = send(client, sign, body(id="p-1", caption="another caption"))
    assert again.status_code == 202
    assert again.json == first.json
    assert (count(parts, Post), count(parts, Image)) == (1, 1)


def test_a_hundred_deliveries_at_once_make_one_row_and_one_decision(
    app: Flask, sign: Sign, body: Body, parts: Parts, jpeg: Jpeg
) -> None:
    image = {"base64": base64.b64encode(jpeg()).decode()}
    same = body(id="p-1", images=[image])

    def deliver(_: int) -> int:
        return int(send(app.test_client(), sign, same).status_code)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(deliver, range(100))) == {202}
    assert count(parts, Post) == 1
    with parts.sessions() as session:
        (row_id,) = session.scalars(select(Post.id)).all()

    called = parts.config.model_copy(update={"callback_url": "http://127.0.0.1:9/"})
    owing = Parts(**(vars(parts) | {"config": called}))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: screen(owing, [row_id]), range(8)))
    assert (count(parts, Delivery), count(parts, Verdict)) == (1, 2)


def test_a_newer_revision_supersedes(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str]
) -> None:
    send(client, sign, body(id="p-1", revision=1))
    send(client, sign, body(id="p-1", revision=2))
    newest = client.get("/v1/posts/p-1", headers=bearer).json
    older = client.get("/v1/posts/p-1?revision=1", headers=bearer).json
    assert newest
    assert older
    assert (newest["revision"], newest["state"]) == (2, "pending")
    assert (older["revision"], older["state"]) == (1, "superseded")


def test_an_older_revision_that_comes_late_changes_nothing(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str]
) -> None:
    send(client, sign, body(id="p-1", revision=2))
    late = send(client, sign, body(id="p-1", revision=1))
    assert late.json["state"] == "superseded"
    newest = client.get("/v1/posts/p-1", headers=bearer).json
    assert newest
    assert (newest["revision"], newest["state"]) == (2, "pending")


def test_photographs_come_as_parts_too(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts, jpeg: Jpeg
) -> None:
    content = body(id="p-1", images=[{"part": "cat.jpg"}, {"part": "고양이.jpg"}])
    request = httpx.Request(
        "POST",
        "http://x/v1/posts",
        data={"post": content.decode()},
        files={
            "cat.jpg": ("cat.jpg", jpeg(seed=1), "image/jpeg"),
            "고양이.jpg": ("cat2.jpg", jpeg(seed=2), "image/jpeg"),
        },
    )
    raw = request.read()
    answer = client.post(
        "/v1/posts", data=raw, content_type=request.headers["content-type"], headers=sign(raw)
    )
    assert answer.status_code == 202, answer.text
    with parts.sessions() as session:
        stored = session.scalars(select(Image.source_bytes).order_by(Image.position)).all()
    assert stored == [jpeg(seed=1), jpeg(seed=2)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": ""}, "/id"),
        ({"id": "a\0b"}, "/id"),
        ({"revision": 0}, "/revision"),
        ({"revision": 2**63}, "/revision"),
        ({"author": {}}, "/author/id"),
        ({"caption": "a\0"}, "/caption"),
        ({"hashtags": "카페"}, "/hashtags"),
        ({"hashtags": ["카페"] * 61}, "/hashtags"),
        ({"hashtags": ["x" * 201]}, "/hashtags/0"),
        ({"created_at": "2026-11-20T12:00:00"}, "/created_at"),
        ({"created_at": "yesterday"}, "/created_at"),
        ({"created_at": "0001-01-01T00:00:00+14:00"}, "/created_at"),
        ({"created_at": "0001-01-01T00:00:00Z"}, "/created_at"),
        ({"created_at": "1999-12-31T23:59:59Z"}, "/created_at"),
        ({"created_at": "9999-12-31T23:59:59Z"}, "/created_at"),
        ({"created_at": "9999-12-31T23:59:59-14:00"}, "/created_at"),
        ({"created_at": "9999-12-31T23:59:59-23:59"}, "/created_at"),
        ({"created_at": (datetime.now(UTC) + timedelta(days=2)).isoformat()}, "/created_at"),
        ({"id": "/p-1"}, "/id"),
        ({"id": "p-1/"}, "/id"),
        ({"id": "a//b"}, "/id"),
        ({"id": "a/similar"}, "/id"),
        ({"id": "a/hashtags/suggested"}, "/id"),
        ({"id": "."}, "/id"),
        ({"id": ".."}, "/id"),
        ({"id": "a/../b"}, "/id"),
        ({"id": "a\nb"}, "/id"),
        ({"id": "a\x7f"}, "/id"),
        ({"images": []}, "/images"),
        ({"images": [{"url": "http://x/"}] * 11}, "/images"),
        ({"images": [{}]}, "/images/0"),
        ({"images": [{"url": "http://x/", "part": "a"}]}, "/images/0"),
        ({"images": [{"upload": "key"}]}, "/images/0/upload"),
        ({"images": [{"base64": "not base64!"}]}, "/images/0/base64"),
        ({"images": [{"part": "absent"}]}, "/images/0/part"),
        ({"metrics": {"reach": -1}}, "/metrics/reach"),
    ],
)
def test_a_broken_rule_is_named_by_its_field(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts, change: dict[str, Any], pointer: str
) -> None:
    answer = send(client, sign, body(**change))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    problem = ProblemOut.model_validate_json(answer.data)
    assert problem.code == "invalid-post"
    assert pointer in [error.pointer for error in problem.errors]
    assert all(error.rule and error.detail for error in problem.errors)
    assert count(parts, Post) == 0


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}"])
def test_what_is_no_post_is_a_problem(client: FlaskClient, sign: Sign, text: bytes) -> None:
    assert send(client, sign, text).status_code == 422


def test_other_content_types_are_refused(client: FlaskClient, sign: Sign, body: Body) -> None:
    answer = client.post("/v1/posts", data=body(), content_type="text/plain", headers=sign(body()))
    assert answer.status_code in {401, 415}
    text = body()
    answer = client.post("/v1/posts", data=text, content_type="text/plain", headers=sign(text))
    assert answer.status_code == 415


def test_a_body_that_is_too_large_is_a_problem(
    client: FlaskClient, sign: Sign, parts: Parts
) -> None:
    body = b"x" * (parts.config.request_bytes + 1)
    answer = send(client, sign, body)
    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"


def test_both_live_secrets_are_accepted(client: FlaskClient, sign: Sign, body: Body) -> None:
    for secret in SECRETS:
        content = body()
        headers = sign(content, secret=secret)
        answer = client.post("/v1/posts", data=content, content_type=JSON, headers=headers)
        assert answer.status_code == 202


@pytest.mark.parametrize(
    "spoil",
    [
        {"webhook-id": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1e400"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "no comma"},
        {"webhook-signature": "v1,not base64"},
        {"webhook-id": "another"},
    ],
)
def test_what_is_not_signed_is_refused(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts, spoil: dict[str, str]
) -> None:
    answer = send(client, sign, body(), **spoil)
    assert answer.status_code == 401
    assert answer.json["code"] == "bad-signature"
    assert count(parts, Post) == 0


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_future_delivery_is_refused(
    client: FlaskClient, sign: Sign, body: Body, minutes: int
) -> None:
    content = body()
    headers = sign(content, at=datetime.now(UTC) + timedelta(minutes=minutes))
    answer = client.post("/v1/posts", data=content, content_type=JSON, headers=headers)
    assert answer.status_code == 401


UNCHECKED = {"일상": "nothing_visible", "셀카": "not_covered", "쀍쀍쀍": "not_understood"}


def test_a_post_in_the_wires_fields(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts, jpeg: Jpeg
) -> None:
    image = {"base64": base64.b64encode(jpeg()).decode()}
    send(client, sign, body(id="p/1 ?#", images=[image], hashtags=["카페", *UNCHECKED]))
    with parts.sessions() as session:
        (row_id,) = session.scalars(select(Post.id)).all()
    screen(parts, [row_id])
    answer = client.get("/v1/posts/p%2F1%20%3F%23", headers=bearer)
    shown = PostOut.model_validate_json(answer.data)
    assert (shown.id, shown.state, shown.decided_by) == ("p/1 ?#", "decided", "model")
    assert [tag.tag for tag in shown.hashtags] == ["카페", *UNCHECKED]
    assert {tag.verdict for tag in shown.hashtags[1:]} == {"unverifiable"}
    assert [tag.reason.code for tag in shown.hashtags[1:]] == list(UNCHECKED.values())
    assert {"food", "drink", "adult", "child"} <= shown.images[0].labels.keys()
    assert shown.bundle
    assert shown.ruleset


def test_deleted_is_gone_everywhere(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts, jpeg: Jpeg
) -> None:
    content = body(id="p-1", images=[{"base64": base64.b64encode(jpeg()).decode()}])
    send(client, sign, content)
    with parts.sessions() as session:
        (row_id,) = session.scalars(select(Post.id)).all()
    screen(parts, [row_id])
    with parts.sessions() as session:
        key = session.scalars(select(Image.derivative)).one()
    assert key
    assert parts.images.get(key)

    answer = client.delete("/v1/posts/p-1", headers=bearer)
    assert answer.status_code == 200
    receipt = DeletedOut.model_validate_json(answer.data).erasure
    assert receipt.erased_at
    assert receipt.files_left == 0
    assert (receipt.erased.photographs, receipt.erased.verdicts) == (1, 2)
    assert parts.images.get(key) is None
    for table in (Image, Embedding, Verdict, Delivery):
        assert count(parts, table) == 0
    shown = client.get("/v1/posts/p-1", headers=bearer).json
    assert shown
    assert shown["state"] == "deleted"
    assert ErasureOut.model_validate(shown["erasure"]) == receipt, "the receipt can be had again"
    with parts.sessions() as session:
        row = session.scalars(select(Post)).one()
        assert (row.author_id, row.caption, row.hashtags) == ("", "", [])

    assert send(client, sign, content).json["state"] == "deleted", "a late redelivery"
    again = client.delete("/v1/posts/p-1", headers=bearer)
    assert again.status_code == 200
    assert DeletedOut.model_validate_json(again.data).erasure == receipt, "asked twice"
    assert count(parts, Image) == 0
    with parts.sessions() as session:
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    assert [(entry.actor, entry.action, entry.subject, entry.details) for entry in log] == [
        ("api", "post.deleted", "post:p-1", {"photographs": 1}),
        ("api", "post.deleted", "post:p-1", {"photographs": 0}),
    ]


def test_no_revision_of_a_deleted_post_is_stored(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], parts: Parts, jpeg: Jpeg
) -> None:
    photograph = {"base64": base64.b64encode(jpeg()).decode()}
    send(client, sign, body(id="p-1", revision=2, images=[photograph]))
    client.delete("/v1/posts/p-1", headers=bearer)
    for revision in (1, 2, 3, 2**63 - 1):
        late = send(client, sign, body(id="p-1", revision=revision, images=[photograph]))
        assert (late.status_code, late.json["state"]) == (202, "deleted")
        assert late.json["revision"] == revision
    assert (count(parts, Post), count(parts, Image)) == (1, 0)
    shown = client.get("/v1/posts/p-1", headers=bearer).json
    assert shown
    assert shown["state"] == "deleted"


def test_bytes_of_a_post_that_is_superseded_while_it_waits_are_erased_at_once(
    client: FlaskClient, sign: Sign, body: Body, parts: Parts, jpeg: Jpeg
) -> None:
    photograph = {"base64": base64.b64encode(jpeg()).decode()}
    for revision in (1, 2):
        send(client, sign, body(id="p-1", revision=revision, images=[photograph]))
    with parts.sessions() as session:
        stored = session.scalars(select(Image.source_bytes).order_by(Image.id)).all()
    assert stored == [None, jpeg()]


@pytest.mark.parametrize("name", READABLE)
def test_every_id_that_is_taken_in_can_be_read_and_deleted(
    client: FlaskClient, sign: Sign, body: Body, bearer: dict[str, str], name: str
) -> None:
    accepted = send(client, sign, body(id=name)).json
    assert accepted["id"] == name
    path = urlsplit(accepted["status_url"]).path
    shown = client.get(path, headers=bearer)
    assert (shown.status_code, (shown.json or {})["id"]) == (200, name)
    assert client.delete(f"/v1/posts/{quote(name, safe='')}", headers=bearer).status_code == 200
    gone = client.get(path, headers=bearer).json
    assert gone
    assert gone["state"] == "deleted"


def test_an_unknown_post_is_a_problem(client: FlaskClient, bearer: dict[str, str]) -> None:
    for answer in (
        client.get("/v1/posts/none", headers=bearer),
        client.delete("/v1/posts/none", headers=bearer),
    ):
        assert (answer.status_code, (answer.json or {})["code"]) == (404, "unknown-post")


# Nothing secret, and what has a signed URL of its own.
OPEN = {"api.openapi", "api.put_upload"}


def test_every_route_refuses_strangers(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/v1/") or rule.endpoint in OPEN:
            continue
        url = rule.rule.replace("<path:", "<").replace("<post_id>", "x").replace("<hashtag>", "x")
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = client.open(url, method=method, headers={"Authorization": "Bearer wrong"})
            assert answer.status_code == 401, (method, url)
            assert answer.mimetype == "application/problem+json"


def test_whoever_is_refused_is_in_the_audit_log(
    config: Config, sign: Sign, body: Body, parts: Parts
) -> None:
    client = create_app(config, parts).test_client()  # it has counted no refusal yet
    client.delete("/v1/posts/p-1", headers={"Authorization": "Bearer wrong"})
    send(client, sign, body(), **{"webhook-id": "another"})
    with parts.sessions() as session:
        log = session.scalars(select(AuditEntry).order_by(AuditEntry.position)).all()
    assert [(entry.actor, entry.action, entry.subject, entry.details) for entry in log] == [
        ("api", "refused.no_api_key", "DELETE /v1/posts/<path:post_id>", {"address": "127.0.0.1"}),
        ("api", "refused.bad_signature", "POST /v1/posts", {"address": "127.0.0.1"}),
    ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["id", "revision", "author", "hashtags", "images", "url"]), inner
            )
        ),
        max_leaves=20,
    )
)
def test_no_body_breaks_the_service(client: FlaskClient, sign: Sign, value: Any) -> None:
    answer = send(client, sign, json.dumps(value).encode())
    assert answer.status_code in {202, 422}
