"""Items, interactions and recommendations in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from openapi_pydantic.util import PydanticSchema

from service.api.items_schemas import (
    A_LIST,
    MOST_A_LIST,
    MOST_EVENTS,
    InteractionIn,
    InteractionsAccepted,
    ItemAccepted,
    ItemIn,
    ItemOut,
    RecommendedOut,
    UserReceipt,
)
from service.api.openapi_parts import NAME, answer, body, path, problems, query

_BROKEN = ("400", "401", "408", "413", "415", "422", "503")


def items() -> dict[str, Any]:
    """The paths of items and of what is done with them."""
    return {
        "/v1/items": {"post": _send()},
        "/v1/items/{id}": {"get": _show(), "delete": _delete("Item", "an item")},
        "/v1/interactions": {"post": _interact()},
        "/v1/recommend": {"get": _recommend()},
        "/v1/users/{id}": {
            "get": _receipt(),
            "delete": _delete("User", "what a person did and what came of it"),
        },
    }


def _send() -> dict[str, Any]:
    return {
        "operationId": "sendItem",
        "summary": "Send something that can be recommended",
        "security": [{"key": []}],
        "requestBody": body(ItemIn),
        "responses": {
            "202": answer("The item is one committed row", ItemAccepted),
            **problems(*_BROKEN),
        },
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "readItem",
        "summary": "Read an item",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {"200": answer("The item", ItemOut), **problems("400", "401", "404", "503")},
    }


def _delete(what: str, told: str) -> dict[str, Any]:
    return {
        "operationId": f"delete{what}",
        "summary": f"Delete {told}",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {
            "204": {"description": "Gone everywhere, or never there"},
            **problems("400", "401", "404", "503"),
        },
    }


def _receipt() -> dict[str, Any]:
    return {
        "operationId": "readUserReceipt",
        "summary": "Read what was erased with a person",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {
            "200": answer("The receipt of the person's last deletion", UserReceipt),
            **problems("400", "401", "404", "503"),
        },
    }


def _interact() -> dict[str, Any]:
    one: Any = PydanticSchema(schema_class=InteractionIn)
    many = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_EVENTS}
    return {
        "operationId": "sendInteractions",
        "summary": "Tell what people did with items and posts: one interaction, or a list",
        "security": [{"key": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"oneOf": [one, many]}}},
        },
        "responses": {
            "202": answer("Written down, each once", InteractionsAccepted),
            **problems(*_BROKEN),
        },
    }


def _recommend() -> dict[str, Any]:
    length = {"type": "integer", "minimum": 1, "maximum": MOST_A_LIST, "default": A_LIST}
    language = {"type": "string", "enum": ["ko", "en"]}
    user = query("userid", NAME, "The platform's id of the person, known or not.")
    return {
        "operationId": "recommend",
        "summary": "Items for a person, the best first",
        "security": [{"key": []}],
        "parameters": [
            user | {"required": True},
            query("k", length, "At most so many."),
            query("language", language, "Left out: the language of what the person likes."),
        ],
        "responses": {
            "200": answer("The items", RecommendedOut),
            **problems("400", "401", "503"),
        },
    }
