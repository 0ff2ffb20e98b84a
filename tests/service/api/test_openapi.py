"""The document is what the routes do."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from openapi_pydantic import OpenAPI


def test_anybody_may_read_the_document(client: FlaskClient) -> None:
    answer = client.get("/v1/openapi.json")
    assert OpenAPI.model_validate_json(answer.data).openapi.startswith("3.1")


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
