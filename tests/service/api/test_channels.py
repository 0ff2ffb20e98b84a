"""`GET /v1/channels/…/similar`."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.parts import Parts
from tests.service.similar.rows import add_seen

ODD = "채널/1 ?"


def code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, (answer.json or {})["code"]


@pytest.mark.usefixtures("index")
def test_a_channel_is_told_with_its_likest_pairs(
    parts: Parts, client: FlaskClient, bearer: dict[str, str]
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, (0,), author_id=ODD)
    add_seen(parts, "p-2", {"카페": "relevant"}, (60,), author_id="u-2")
    answer = client.get("/v1/channels/채널%2F1 %3F/similar?k=5", headers=bearer)
    assert answer.status_code == 200, answer.text
    (channel,) = (answer.json or {})["channels"]
    pair = channel["pairs"][0]
    assert channel["id"] == "u-2"
    assert channel["mean"] == channel["best"] == pytest.approx(0.5, abs=1e-3)
    assert pair["mine"] == {"post": "p-1", "revision": 1, "index": 0}
    assert pair["theirs"] == {"post": "p-2", "revision": 1, "index": 0}
    assert pair["likeness"] == channel["best"]


@pytest.mark.usefixtures("index")
def test_a_deleted_post_is_not_found_from_the_same_instant(
    parts: Parts, client: FlaskClient, bearer: dict[str, str]
) -> None:
    for number in (1, 2, 3):
        add_seen(parts, f"p-{number}", {"카페": "relevant"}, author_id=f"u-{number}")
    assert client.delete("/v1/posts/p-2", headers=bearer).status_code in (200, 202)
    answer = client.get("/v1/channels/u-1/similar", headers=bearer)
    assert [one["id"] for one in (answer.json or {})["channels"]] == ["u-3"]
    assert code(client.get("/v1/channels/u-2/similar", headers=bearer)) == (404, "unknown-author")


@pytest.mark.usefixtures("index")
def test_what_cannot_be_compared_is_told_apart(
    parts: Parts, client: FlaskClient, bearer: dict[str, str]
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, (None,), author_id="u-1")
    assert code(client.get("/v1/channels/nobody/similar", headers=bearer))[0] == 404
    assert code(client.get("/v1/channels/u-1/similar", headers=bearer)) == (409, "no-photograph")
    assert code(client.get("/v1/channels/u-1/similar?k=21", headers=bearer)) == (400, "bad-query")
    assert client.get("/v1/channels/u-1/similar").status_code == 401


def test_it_is_asked_again_while_the_index_is_built(
    parts: Parts, client: FlaskClient, bearer: dict[str, str]
) -> None:
    add_seen(parts, "p-1", {"카페": "relevant"}, author_id="u-1")
    answer = client.get("/v1/channels/u-1/similar", headers=bearer)
    assert code(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "30"
