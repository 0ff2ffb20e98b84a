"""Thumbnails in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.api.openapi_parts import answer, body, path, problems
from service.api.thumbnails_schemas import ThumbnailsAccepted, ThumbnailsIn, ThumbnailsOut


def thumbnails() -> dict[str, Any]:
    """The paths of thumbnails."""
    return {
        "/v1/thumbnails": {"post": _ask()},
        "/v1/thumbnails/{id}": {"get": _show(), "delete": _delete()},
        "/v1/thumbnails/{id}/frames/{rank}.jpg": {"get": _file()},
    }


def _ask() -> dict[str, Any]:
    return {
        "operationId": "askForThumbnails",
        "summary": "Ask for the best frames of a video, or the best of some pictures",
        "security": [{"key": []}],
        "requestBody": body(ThumbnailsIn),
        "responses": {
            "202": answer("The request is one committed row", ThumbnailsAccepted),
            **problems("400", "401", "408", "413", "415", "422", "429", "503"),
        },
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "readThumbnails",
        "summary": "Read which frames were chosen",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {
            "200": answer("The request and what came of it", ThumbnailsOut),
            **problems("400", "401", "404", "503"),
        },
    }


def _delete() -> dict[str, Any]:
    return {
        "operationId": "deleteThumbnails",
        "summary": "Forget a request and what was chosen",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {
            "204": {"description": "It is gone, or was not there"},
            **problems("400", "401", "503"),
        },
    }


def _file() -> dict[str, Any]:
    rank = path("rank") | {"schema": {"type": "integer", "minimum": 1}}
    return {
        "operationId": "readThumbnail",
        "summary": "The JPEG of a chosen frame, in the video's own aspect",
        "security": [{"key": []}],
        "parameters": [path("id"), rank],
        "responses": {
            "200": {
                "description": "The JPEG",
                "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
            },
            **problems("400", "401", "404", "503"),
        },
    }
