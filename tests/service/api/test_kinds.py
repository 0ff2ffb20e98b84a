"""Numbers and moments of every body are taken as the document shows them, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from service.api.appeals_schemas import AppealIn
from service.api.items_schemas import InteractionIn, ItemIn
from service.api.openapi import document
from service.api.schemas import PostIn
from service.api.similar_schemas import SimilarIn
from service.api.thumbnails_schemas import ThumbnailsIn
from service.api.uploads_schemas import UploadIn

Schema = dict[str, Any]
SHOWN: Schema = document()["components"]["schemas"]
MOMENT = "2020-11-20T12:00:00Z"
BODIES: dict[type[BaseModel], Schema] = {
    PostIn: {
        "id": "p-1",
        "author": {"id": "u-7"},
        "hashtags": [],
        "created_at": MOMENT,
        "images": [{"url": "https://images.example/1.jpg"}],
    },
    AppealIn: {"id": "a-1", "text": "There is one."},
    ItemIn: {"id": "film-1", "title": "A film"},
    InteractionIn: {
        "id": "e-1",
        "user": {"id": "u-7"},
        "item": {"id": "film-1"},
        "kind": "like",
        "at": MOMENT,
    },
    SimilarIn: {"embedding": [1], "made_by": "a-network"},
    ThumbnailsIn: {"video": {"url": "https://videos.example/1.mp4"}},
    UploadIn: {"filename": "cup.jpg", "content_type": "image/jpeg", "size": 1},
}
TAKEN: dict[str, list[Any]] = {
    "integer": [1, 1.0],
    "number": [0, 1, 0.5],
    "date-time": [
        MOMENT,
        "2020-11-20t12:00:00z",
        "2020-11-20 21:00:00+09:00",
        "2020-11-20T12:00:00.123456789-00:00",
    ],
}
REFUSED: dict[str, list[Any]] = {
    "integer": ["1", "", True, 1.5, [1]],
    "number": ["0.5", "", True, [1]],
    "date-time": [
        1605873600,
        1605873600.5,
        "1605873600",
        True,
        "2020-11-20",
        "2020-11-20T12:00:00",
        "2020-11-20T12:00Z",
        "2020-11-20T12:00:00+0900",
        "2020-11-20T12:00:00+09:60",
        "2020-11-20T12:00:00+24:00",
        "2020-11-20_12:00:00Z",
        "20201120T120000Z",
        "2020-W47-5T12:00:00Z",
        "2020-02-30T12:00:00Z",
        "२०२०-11-20T12:00:00Z",
    ],
}


def sent() -> set[str]:
    """Names of the models that requests are read with."""
    named = set()
    for item in document()["paths"].values():
        for operation in item.values():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            text = json.dumps(body)
            named |= {name for name in SHOWN if f'schemas/{name}"' in text}
    return named


def kinds(schema: Schema, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where in a body a number or a moment stands; ``[]``: in a list."""
    if "$ref" in schema:
        yield from kinds(SHOWN[schema["$ref"].rpartition("/")[2]], path)
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from kinds(one, path)
    for name, field in schema.get("properties", {}).items():
        yield from kinds(field, (*path, name))
    if "items" in schema:
        yield from kinds(schema["items"], (*path, "[]"))
    kind = schema.get("format", schema.get("type"))
    if kind in TAKEN:
        yield path, kind


FIELDS = [(m, path, kind) for m in BODIES for path, kind in kinds(SHOWN[m.__name__])]


def with_value(model: type[BaseModel], path: tuple[str, ...], value: Any) -> Schema:
    for name in reversed(path[1:]):
        value = [value] if name == "[]" else {name: value}
    return BODIES[model] | {path[0]: value}


def is_shown(model: type[BaseModel], body: Schema) -> bool:
    whole = {"$ref": f"#/components/schemas/{model.__name__}", "components": {"schemas": SHOWN}}
    return bool(Draft202012Validator(whole).is_valid(body))


def test_every_body_is_looked_at() -> None:
    assert {model.__name__ for model in BODIES} == sent()
    fields = {f"{model.__name__}.{'.'.join(path)}" for model, path, _ in FIELDS}
    assert {
        "PostIn.metrics.reach",
        "SimilarIn.embedding.[]",
        "SimilarIn.since",
        "InteractionIn.value",
    } < fields


@pytest.mark.parametrize(("model", "path", "kind"), FIELDS)
def test_what_the_document_shows_is_taken(
    model: type[BaseModel], path: tuple[str, ...], kind: str
) -> None:
    for value in TAKEN[kind]:
        body = with_value(model, path, value)
        assert is_shown(model, body)
        model.model_validate_json(json.dumps(body))


@pytest.mark.parametrize(("model", "path", "kind"), FIELDS)
def test_what_it_does_not_show_is_refused(
    model: type[BaseModel], path: tuple[str, ...], kind: str
) -> None:
    for value in REFUSED[kind]:
        body = with_value(model, path, value)
        if kind != "date-time":  # of a text JSON Schema need not look at the format
            assert not is_shown(model, body)
        with pytest.raises(ValidationError) as caught:
            model.model_validate_json(json.dumps(body))
        (error,) = caught.value.errors()
        place = tuple("[]" if isinstance(part, int) else part for part in error["loc"])
        assert place == path


@pytest.mark.parametrize("moment", TAKEN["date-time"])
def test_a_query_takes_the_same_moments(
    client: FlaskClient, bearer: dict[str, str], moment: str
) -> None:
    answer = client.get("/v1/posts", query_string={"since": moment}, headers=bearer)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("moment", REFUSED["date-time"])
def test_a_query_refuses_the_same_moments(
    client: FlaskClient, bearer: dict[str, str], moment: Any
) -> None:
    answer = client.get("/v1/posts", query_string={"since": moment}, headers=bearer)
    assert answer.status_code == 400, answer.text
    assert (answer.json or {})["errors"][0]["pointer"] == "/since"


@pytest.mark.parametrize(
    ("style", "taken"),
    [
        ({"channel": "u-7"}, True),
        ({"channel": "u-7", "category": None}, True),
        ({"channel": None, "category": "cafe"}, True),
        ({"channel": "u-7", "category": "cafe"}, False),
        ({"channel": None, "category": None}, False),
        ({}, False),
    ],
)
def test_a_style_is_one_where_the_document_shows_one(style: Schema, taken: bool) -> None:
    body = BODIES[ThumbnailsIn] | {"references": style}
    assert is_shown(ThumbnailsIn, body) is taken
    if taken:
        ThumbnailsIn.model_validate_json(json.dumps(body))
    else:
        with pytest.raises(ValidationError):
            ThumbnailsIn.model_validate_json(json.dumps(body))
