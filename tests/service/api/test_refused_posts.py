"""What `POST /v1/posts` refuses: a body that breaks a rule, and whoever has no key."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.api.schemas import ProblemOut
from service.app import create_app
from service.config import Config
from service.parts import Parts
from service.tables import AuditEntry, Post
from tests.conftest import SECRETS
from tests.service.api.sending import JSON, Body, Sign, count, send


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
        ({"images": [{"base64": "%%%"}]}, "/images/0/base64"),
        ({"images": [{"base64": "_9j_4A=="}]}, "/images/0/base64"),
        ({"images": [{"base64": "data:image/jpeg;base64,/9j/4A=="}]}, "/images/0/base64"),
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


# Nothing secret, and what has a signed URL of its own.
OPEN = {"api.openapi", "api.put_upload"}


def test_every_route_refuses_strangers(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/v1/") or rule.endpoint in OPEN:
            continue
        url = re.sub(r"<int\b[^>]*>", "1", rule.rule).replace("<path:", "<")
        url = url.replace("<post_id>", "x").replace("<hashtag>", "x")
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
