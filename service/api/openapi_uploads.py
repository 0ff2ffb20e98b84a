"""Uploads in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.api.openapi_parts import answer, body, path, problems, query
from service.api.uploads_schemas import UploadBegun, UploadIn, UploadOut
from service.uploads.kinds import CONTENT_TYPES


def uploads() -> dict[str, Any]:
    """The paths of uploads."""
    return {
        "/v1/uploads": {"post": _begin()},
        "/v1/uploads/{key}": {"get": _show()},
        "/v1/uploads/{key}/content": {"put": _put()},
    }


def _begin() -> dict[str, Any]:
    return {
        "operationId": "beginUpload",
        "summary": "Announce a file, and get the URL to put it to",
        "security": [{"key": []}],
        "requestBody": body(UploadIn),
        "responses": {
            "201": answer("Put the file to this URL", UploadBegun),
            **problems("400", "401", "408", "413", "415", "422", "429", "503"),
        },
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "readUpload",
        "summary": "Read how an upload stands",
        "security": [{"key": []}],
        "parameters": [path("key")],
        "responses": {
            "200": answer("The upload", UploadOut),
            **problems("400", "401", "404", "503"),
        },
    }


def _put() -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    ticket = query("ticket", {"type": "string"}, "As it stands in the URL that was answered.")
    return {
        "operationId": "putUpload",
        "summary": "Put the file to the URL that was answered; it needs no key",
        "security": [],
        "parameters": [path("key"), ticket],
        "requestBody": {"required": True, "content": dict.fromkeys(CONTENT_TYPES, binary)},
        "responses": {
            "200": answer("The whole file is stored", UploadOut),
            **problems("400", "403", "404", "408", "409", "410", "411", "413", "415", "503"),
        },
    }
