"""What is refused by its headers costs nobody the reading of its body."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from service.app import create_app
from service.audit.refusals import AT_ONCE
from service.config import Config
from service.parts import Parts
from service.tables import AuditEntry
from tests.conftest import SECRETS

Sign = Callable[..., dict[str, str]]
Body = Callable[..., bytes]


class Untouched(io.BytesIO):
    """A body that nobody may read."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")

    readline = read
    readinto = read  # type: ignore[assignment]  # it raises whatever it is given


def send_unread(app: Flask, headers: dict[str, str], length: int) -> tuple[int, str]:
    answer = app.test_client().post(
        "/v1/posts",
        content_type="application/json",
        headers=headers,
        environ_overrides={"wsgi.input": Untouched(), "CONTENT_LENGTH": str(length)},
    )
    return answer.status_code, (answer.json or {})["code"]


UNSIGNED: list[dict[str, str]] = [
    {},
    {"webhook-id": ""},
    {"webhook-signature": ""},
    {"webhook-timestamp": "²"},
    {"webhook-timestamp": "nan"},
    {"webhook-timestamp": "1" * 400},
    {"webhook-timestamp": str(int((datetime.now(UTC) - timedelta(hours=2)).timestamp()))},
]


@pytest.mark.parametrize("change", UNSIGNED)
def test_a_body_with_bad_headers_is_not_read(
    app: Flask, sign: Sign, change: dict[str, str]
) -> None:
    headers = sign(b"") | change if change else {}
    assert send_unread(app, headers, 32 * 2**20) == (401, "bad-signature")


def test_a_body_that_says_it_is_too_large_is_not_read(
    app: Flask, config: Config, sign: Sign
) -> None:
    answer = send_unread(app, sign(b""), config.request_bytes + 1)
    assert answer == (413, "request-entity-too-large")


@pytest.mark.parametrize("secret", SECRETS)
def test_each_live_secret_signs(app: Flask, sign: Sign, body: Body, secret: str) -> None:
    sent = body()
    answer = app.test_client().post(
        "/v1/posts", data=sent, headers=sign(sent, secret=secret), content_type="application/json"
    )
    assert answer.status_code == 202


def test_many_unsigned_requests_leave_few_entries(config: Config, parts: Parts) -> None:
    client = create_app(config, parts).test_client()
    for number in range(300):
        assert client.get(f"/v1/posts/random-{number}").status_code == 401
        assert client.post("/v1/posts", data=b"{}").status_code == 401
    with parts.sessions() as session:
        subjects = session.scalars(select(AuditEntry.subject)).all()
    assert len(subjects) <= AT_ONCE + 1
    assert set(subjects) == {"GET /v1/posts/<path:post_id>", "POST /v1/posts"}
