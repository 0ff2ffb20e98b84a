"""The page of the API. Like the document that it shows, it is for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.api.openapi import document
from service.console.apidocs import examples
from service.console.apidocs.fields import Field, fields, kind, limits
from service.console.frame.access import Permission, needs
from service.parts import Parts

JSON = ("application/json", "application/problem+json")


@dataclass(frozen=True)
class Answer:
    """One answer of an operation: its status, what it means, the fields of its body."""

    status: str
    description: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class Operation:
    """What can be asked of the API, or what it sends; ``path`` is the event's name then."""

    id: str
    method: str
    path: str
    summary: str
    security: Sequence[str]
    parameters: Sequence[Field]
    body: Sequence[Field]
    answers: Sequence[Answer]
    curl: str = ""
    python: str = ""


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, made from the document."""

    @blueprint.get("/docs")
    @needs(Permission.NOTHING)
    def api_docs() -> ResponseReturnValue:
        calls, events = operations()
        return render_template("apidocs/docs.html", calls=calls, events=events)


@cache
def operations() -> tuple[Sequence[Operation], Sequence[Operation]]:
    """What can be called, and what is sent to the platform."""
    whole = document()
    schemas = whole["components"]["schemas"]
    return (
        tuple(_operations(whole["paths"], schemas, called=True)),
        tuple(_operations(whole["webhooks"], schemas, called=False)),
    )


def _operations(
    paths: Mapping[str, Any], schemas: Mapping[str, Any], *, called: bool
) -> Iterator[Operation]:
    for path, item in paths.items():
        for method, told in item.items():
            name = told["operationId"]
            yield Operation(
                name,
                method,
                path,
                told["summary"],
                [scheme for needed in told.get("security", ()) for scheme in needed],
                [_parameter(one, schemas) for one in told.get("parameters", ())],
                _body(told.get("requestBody", {}), schemas),
                [
                    Answer(status, one["description"], _body(one, schemas))
                    for status, one in told["responses"].items()
                ],
                examples.curl(name, method, path) if called else "",
                examples.python(name, method, path) if called else "",
            )


def _parameter(one: Mapping[str, Any], schemas: Mapping[str, Any]) -> Field:
    schema = one["schema"]
    return Field(
        one["name"],
        kind(schema, schemas),
        bool(one.get("required")),
        one.get("description", ""),
        limits(schema),
    )


def _body(one: Mapping[str, Any], schemas: Mapping[str, Any]) -> Sequence[Field]:
    content = one.get("content", {})
    found = next((content[name]["schema"] for name in JSON if name in content), None)
    return tuple(fields(found, schemas)) if found else ()
