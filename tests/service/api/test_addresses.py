"""Addresses that nothing has."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from service.api.schemas import ProblemOut


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/posts/%00"),
        ("DELETE", "/v1/posts/p%00"),
        ("POST", "/v1/posts/%00/appeals"),
        ("GET", "/v1/appeals/a-%00"),
        ("GET", "/v1/hashtags/%00/posts"),
    ],
)
def test_a_name_with_a_nul_is_not_found(
    client: FlaskClient, bearer: dict[str, str], method: str, path: str
) -> None:
    answer = client.open(path, method=method, headers=bearer, json={"id": "a", "text": "t"})
    assert answer.status_code == 404
    assert ProblemOut.model_validate_json(answer.data).code == "not-found"


def test_who_has_no_key_is_not_even_told_that(client: FlaskClient) -> None:
    assert client.get("/v1/posts/%00").status_code == 401


def test_a_method_that_a_route_does_not_know_is_told_with_those_it_knows(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    answer = client.put("/v1/posts/p-1", headers=bearer)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert {"GET", "DELETE"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("revision", ["9" * 5000, "²", "-1", "1.0", ""])
def test_a_number_that_is_none_is_a_bad_query(
    client: FlaskClient, bearer: dict[str, str], revision: str
) -> None:
    answer = client.get("/v1/posts/p-1", query_string={"revision": revision}, headers=bearer)
    assert (answer.status_code, (answer.json or {})["code"]) == (400, "bad-query")
