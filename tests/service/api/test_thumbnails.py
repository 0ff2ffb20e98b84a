"""Requests for thumbnails: what is refused, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.parts import Parts
from service.thumbnails.make import MOST_PICTURES
from tests.service.console.rows import add_post
from tests.service.screening.conftest import change

URL = {"url": "https://videos.example/a.mp4"}
PICTURE = {"url": "https://images.example/a.jpg"}


def wrong(client: FlaskClient, bearer: dict[str, str], **body: Any) -> list[tuple[str, str]]:
    answer = client.post("/v1/thumbnails", json=body, headers=bearer)
    assert answer.status_code == 422, answer.text
    assert (answer.json or {})["code"] == "invalid-thumbnails"
    return [(error["pointer"], error["rule"]) for error in (answer.json or {})["errors"]]


@pytest.mark.parametrize(
    ("body", "pointer", "rule"),
    [
        ({}, "", "value_error"),
        ({"video": URL, "images": [PICTURE]}, "", "value_error"),
        ({"video": {}}, "/video", "value_error"),
        ({"video": URL | {"upload": "x"}}, "/video", "value_error"),
        ({"video": {"upload": "x"}}, "/video/upload", "unknown_upload"),
        ({"images": []}, "/images", "too_short"),
        ({"images": [PICTURE] * (MOST_PICTURES + 1)}, "/images", "too_long"),
        ({"images": [PICTURE, {"upload": "x"}]}, "/images/1/upload", "unknown_upload"),
        ({"video": URL, "k": 0}, "/k", "greater_than_equal"),
        ({"video": URL, "k": 21}, "/k", "less_than_equal"),
        ({"video": URL, "references": []}, "/references", "too_short"),
        ({"video": URL, "references": [{}]}, "/references/0", "value_error"),
        ({"video": URL, "references": {}}, "/references/channel", "missing"),
        ({"video": URL, "references": "cats"}, "/references", "model_type"),
        (
            {"video": URL, "references": {"channel": "u-1", "category": "cat"}},
            "/references",
            "value_error",
        ),
        (
            {"video": URL, "references": {"channel": "nobody"}},
            "/references/channel",
            "unknown_channel",
        ),
        (
            {"video": URL, "references": {"category": "none"}},
            "/references/category",
            "unknown_category",
        ),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_by_name(
    client: FlaskClient, bearer: dict[str, str], body: dict[str, Any], pointer: str, rule: str
) -> None:
    assert wrong(client, bearer, **body) == [(pointer, rule)]


def test_an_upload_must_be_there_and_be_a_video(
    client: FlaskClient, bearer: dict[str, str], jpeg: Callable[..., bytes]
) -> None:
    data = jpeg()
    sent = {"filename": "a.jpg", "content_type": "image/jpeg", "size": len(data)}
    begun = client.post("/v1/uploads", json=sent, headers=bearer).json or {}
    asked = {"video": {"upload": begun["key"]}}
    assert wrong(client, bearer, **asked) == [("/video/upload", "upload_waiting")]
    assert client.put(begun["url"].partition("8080")[2], data=data).status_code == 200
    assert wrong(client, bearer, **asked) == [("/video/upload", "wrong_type")]


def test_a_known_channel_and_category_are_taken(
    client: FlaskClient, bearer: dict[str, str], parts: Parts
) -> None:
    add_post(parts, "p-1", {"카페": "relevant"}, author_id="cats")
    for style in ({"channel": "cats"}, {"category": "cafe"}):
        body = {"video": URL, "references": style}
        assert client.post("/v1/thumbnails", json=body, headers=bearer).status_code == 202


@pytest.mark.parametrize("setting", ["thumbnails_waiting", "thumbnails_kept"])
def test_no_more_are_taken_than_fit(parts: Parts, bearer: dict[str, str], setting: str) -> None:
    few = change(parts, **{setting: 2})
    client = create_app(few.config, few).test_client()
    answers = [client.post("/v1/thumbnails", json={"video": URL}, headers=bearer) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert (answers[2].json or {})["code"] == "too-many-thumbnails"
    assert answers[2].headers["Retry-After"]


def test_what_is_not_there_is_not_found(client: FlaskClient, bearer: dict[str, str]) -> None:
    for path in ("nothing", "nothing/frames/1.jpg"):
        answer = client.get(f"/v1/thumbnails/{path}", headers=bearer)
        found = answer.status_code, (answer.json or {})["code"]
        assert found == (404, "unknown-thumbnails"), path
    assert client.get("/v1/thumbnails/nothing").status_code == 401
