"""Helpers that describe the operations of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from openapi_pydantic.util import PydanticSchema
from pydantic import BaseModel

from service.api.schemas import ProblemOut

_TEXTS = {
    "400": "The query breaks a rule, or the request cannot be read",
    "401": "The signature or API key is missing or wrong",
    "403": "The URL was not handed out like this",
    "404": "No such post, author, appeal, upload or request",
    "409": "Not as the post, the upload or the network is now",
    "410": "The post was deleted, or the upload expired",
    "411": "The body has no length",
    "408": "The request did not arrive in time",
    "413": "The body is too large",
    "415": "Another content type",
    "422": "The body breaks a rule",
    "429": "So many posts, uploads or requests wait that no further one is taken; see Retry-After",
    "503": "A part of the service is away or holds all it can; see Retry-After",
}


def body(model: type[BaseModel]) -> dict[str, Any]:
    """A request's body as JSON."""
    content: Any = {"application/json": {"schema": PydanticSchema(schema_class=model)}}
    return {"required": True, "content": content}


def answer(description: str, model: type[BaseModel]) -> dict[str, Any]:
    """An answer as JSON."""
    content: Any = {"application/json": {"schema": PydanticSchema(schema_class=model)}}
    return {"description": description, "content": content}


def problems(*statuses: str) -> dict[str, Any]:
    """The problems that an operation can answer with."""
    schema: Any = PydanticSchema(schema_class=ProblemOut)
    content = {"application/problem+json": {"schema": schema}}
    return {s: {"description": _TEXTS[s], "content": content} for s in statuses}


def path(name: str) -> dict[str, Any]:
    """A part of the address."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    }


def query(name: str, schema: dict[str, Any], description: str = "") -> dict[str, Any]:
    """A parameter of the query."""
    told = {"description": description} if description else {}
    return {"name": name, "in": "query", "schema": schema, **told}


MOMENT = {"type": "string", "format": "date-time"}
NAME = {"type": "string", "minLength": 1, "maxLength": 200}
PAGES = (
    query("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    query("cursor", {"type": "string"}, "The `next_cursor` of the page before."),
)
