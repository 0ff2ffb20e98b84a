"""The document is what the routes do."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_pydantic import OpenAPI
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from pydantic import ValidationError

from service.api.openapi import document
from service.api.schemas import BIGGEST, ImageSource
from service.credentials import HEADERS


def test_anybody_may_read_the_document(client: FlaskClient) -> None:
    answer = client.get("/v1/openapi.json")
    assert OpenAPI.model_validate_json(answer.data).openapi.startswith("3.1")


def test_the_document_is_valid_openapi() -> None:
    validate(document(), cls=OpenAPIV31SpecValidator)


def test_whole_numbers_have_whole_limits() -> None:
    text = json.dumps(document())
    assert f'"maximum": {BIGGEST}' in text
    assert not re.search(r"[0-9]e\+[0-9]", text)
    # Limits of fractions, such as a likeness, are not whole.
    bounded = re.findall(r'"type": "integer"[^{}]*?"(?:min|max)imum": ([0-9.]+)', text)
    assert len(bounded) > 5
    assert all(limit.isdigit() for limit in bounded)


def test_every_operation_has_an_id_of_its_own() -> None:
    whole = document()
    items = [*whole["paths"].values(), *whole["webhooks"].values()]
    ids = [operation["operationId"] for item in items for operation in item.values()]
    assert len(set(ids)) == len(ids)


def test_a_delivery_needs_all_three_headers() -> None:
    whole = document()
    schemes = whole["components"]["securitySchemes"]
    (needed,) = whole["paths"]["/v1/posts"]["post"]["security"]
    assert {schemes[name]["name"] for name in needed} == set(HEADERS)


@pytest.mark.parametrize(
    ("source", "valid"),
    [
        ({"url": "https://a.example/1.jpg"}, True),
        ({"base64": "AAAA"}, True),
        ({"part": "one"}, True),
        ({}, False),
        ({"url": "https://a.example/1.jpg", "base64": "AAAA"}, False),
        ({"url": None, "base64": None}, False),
    ],
)
def test_a_photograph_has_one_source_in_the_document_and_in_the_service(
    source: dict[str, object], valid: bool
) -> None:
    schema = document()["components"]["schemas"]["ImageSource"]
    assert Draft202012Validator(schema).is_valid(source) is valid
    if valid:
        ImageSource.model_validate(source)
    else:
        with pytest.raises(ValidationError):
            ImageSource.model_validate(source)


def test_every_route_is_in_the_document_and_no_other(app: Flask, client: FlaskClient) -> None:
    document = client.get("/v1/openapi.json").json or {}
    documented = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, item in document["paths"].items()
        for method in item
    }
    served = {
        (method, re.sub(r"<[^>]+>", "{}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if rule.rule.startswith("/v1/") and rule.endpoint != "api.openapi"
    }
    assert documented == served
