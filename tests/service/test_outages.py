"""While a part is away, whoever asks is told to ask again; no answer blames the request or us."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import psycopg
import pytest
from flask.testing import FlaskClient
from psycopg import errors
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import IntegrityError, OperationalError

from service.app import create_app
from service.database import make_engine, make_sessions
from service.outages import is_outage, name_of
from service.parts import Parts

AWAY = "postgresql://nobody@127.0.0.1:9/none"


@pytest.fixture
def client(parts: Parts) -> Iterator[FlaskClient]:
    """A service whose database is away."""
    engine = make_engine(AWAY)
    broken = dataclasses.replace(parts, sessions=make_sessions(engine))
    yield create_app(parts.config, broken).test_client()
    engine.dispose()


def test_the_api_answers_503_and_says_when_to_ask_again(
    client: FlaskClient,
    bearer: dict[str, str],
    body: Callable[..., bytes],
    sign: Callable[..., dict[str, str]],
) -> None:
    sent = body()
    json = {"content_type": "application/json"}
    appeal = {"id": "a-1", "text": "…"}
    answers = [
        client.post("/v1/posts", data=sent, headers=sign(sent), **json),
        client.get("/v1/posts/p-1", headers=bearer),
        client.delete("/v1/posts/p-1", headers=bearer),
        client.post("/v1/posts/p-1/appeals", json=appeal, headers=bearer),
        client.get("/v1/appeals/a-1", headers=bearer),
        client.get("/v1/hashtags/ootd/posts", headers=bearer),
    ]
    assert {(a.status_code, a.mimetype) for a in answers} == {(503, "application/problem+json")}
    assert {(a.json or {})["code"] for a in answers} == {"unavailable"}
    assert all(int(a.headers["Retry-After"]) > 0 for a in answers)


def test_metrics_that_cannot_be_read_are_no_fault_of_the_service(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationalError("SELECT", {}, psycopg.OperationalError("gone")), True),
        (OperationalError("SELECT", {}, errors.DeadlockDetected()), True),
        (OperationalError("SELECT", {}, errors.ReadOnlySqlTransaction()), True),
        (RedisConnectionError(), True),
        (IntegrityError("INSERT", {}, errors.UniqueViolation()), False),
        (ValueError(), False),
    ],
)
def test_an_outage_is_told_from_a_fault(error: Exception, expected: bool) -> None:
    assert is_outage(error) is expected


def test_an_error_is_named_without_its_text() -> None:
    error = IntegrityError("INSERT", {}, errors.UniqueViolation("Key (caption)=(a secret)"))
    assert name_of(error) == "UniqueViolation 23505"
