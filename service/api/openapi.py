"""The OpenAPI document, generated from the models that validate."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from openapi_pydantic import OpenAPI
from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class
from pydantic import BaseModel

from service.api.appeals_schemas import AppealCallback, AppealIn, AppealOut, AppealReceived
from service.api.openapi_channels import channels
from service.api.openapi_items import items
from service.api.openapi_parts import MOMENT, NAME, PAGES, answer, path, problems, query
from service.api.openapi_thumbnails import thumbnails
from service.api.openapi_uploads import uploads
from service.api.schemas import (
    BIGGEST,
    Accepted,
    Callback,
    Decision,
    DeletedOut,
    Feed,
    PostIn,
    PostList,
    PostOut,
    State,
)
from service.api.similar_schemas import A_PAGE, MOST_A_PAGE, SimilarIn, SimilarOut
from service.api.suggested_schemas import MOST_SUGGESTED, SUGGESTED, SuggestedOut
from service.api.thumbnails_schemas import ThumbnailsDone, ThumbnailsFailed

_LIMITS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
SIGNATURE_HEADERS = {
    "webhook-id": "The delivery's id, the same when it is sent again.",
    "webhook-timestamp": "Seconds since 1970, within five minutes of now.",
    "webhook-signature": "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, the body "
    "as raw bytes (Standard Webhooks). Several may stand apart by spaces.",
}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1 as plain JSON values."""
    api = OpenAPI.model_validate(
        {
            "info": {
                "title": "Tagsift",
                "version": "1",
                "license": {
                    "name": "All rights reserved",
                    "identifier": "LicenseRef-all-rights-reserved",
                },
            },
            "servers": [{"url": "/", "description": "This service"}],
            "paths": {
                "/v1/posts": {"post": _send(), "get": _list()},
                "/v1/posts/{id}": {"get": _show(), "delete": _delete()},
                "/v1/posts/{id}/appeals": {"post": _send_appeal()},
                "/v1/posts/{id}/similar": {"get": _similar()},
                "/v1/posts/{id}/hashtags/suggested": {"get": _suggested()},
                "/v1/similar": {"post": _search()},
                **channels(),
                **uploads(),
                **items(),
                **thumbnails(),
                "/v1/appeals/{id}": {"get": _show_appeal()},
                "/v1/hashtags/{tag}/posts": {"get": _feed()},
            },
            "webhooks": {
                "post.decided": {"post": _callback("postDecided", Callback)},
                "appeal.decided": {"post": _callback("appealDecided", AppealCallback)},
                "thumbnails.done": {"post": _callback("thumbnailsDone", ThumbnailsDone)},
                "thumbnails.failed": {"post": _callback("thumbnailsFailed", ThumbnailsFailed)},
            },
            "components": {
                "securitySchemes": {
                    "key": {"type": "http", "scheme": "bearer"},
                    **_signature_schemes(),
                }
            },
        }
    )
    whole = construct_open_api_with_schema_class(api)
    # Without defaults: a path's parameter may not even say that it is not empty.
    told = whole.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    told = _with_whole_limits(told)
    return {"openapi": whole.openapi, **told}


def _with_whole_limits(value: Any) -> Any:
    """A part of the document with integer limits for integers: the library writes limits as floats,
    which cannot hold large ones exactly.
    """
    if isinstance(value, list):
        return [_with_whole_limits(one) for one in value]
    if not isinstance(value, dict):
        return value
    limits = _LIMITS if value.get("type") == "integer" else frozenset[str]()
    return {
        key: int(min(one, BIGGEST)) if key in limits else _with_whole_limits(one)
        for key, one in value.items()
    }


def _signature_schemes() -> dict[str, Any]:
    """The three headers of Standard Webhooks; a delivery needs all of them."""
    return {
        name: {"type": "apiKey", "in": "header", "name": name, "description": text}
        for name, text in SIGNATURE_HEADERS.items()
    }


def _send() -> dict[str, Any]:
    return {
        "operationId": "sendPost",
        "summary": "Send a post",
        "security": [{name: [] for name in SIGNATURE_HEADERS}],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": PydanticSchema(schema_class=PostIn)},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["post"],
                        "properties": {"post": PydanticSchema(schema_class=PostIn)},
                        "additionalProperties": {"type": "string", "format": "binary"},
                    },
                    "encoding": {"post": {"contentType": "application/json"}},
                },
            },
        },
        "responses": {
            "202": answer("The post is one committed row", Accepted),
            **problems("400", "401", "408", "413", "415", "422", "429", "503"),
        },
    }


def _list() -> dict[str, Any]:
    return {
        "operationId": "listPosts",
        "summary": "List posts by state, decision and time, the last received first",
        "security": [{"key": []}],
        "parameters": [
            query("state", {"type": "string", "enum": list(get_args(State))}),
            query(
                "decision",
                {"type": "string", "enum": list(get_args(Decision))},
                "Of decided posts: not together with another state.",
            ),
            query("since", MOMENT, "Received at this moment or later."),
            query("until", MOMENT, "Received before this moment."),
            query("author", NAME, "The platform's id of the author."),
            query("hashtag", NAME, "In any spelling, of posts that were screened."),
            *PAGES,
        ],
        "responses": {"200": answer("One page", PostList), **problems("400", "401", "503")},
    }


def _show() -> dict[str, Any]:
    return {
        "operationId": "readPost",
        "summary": "Read a post",
        "security": [{"key": []}],
        "parameters": [path("id"), query("revision", {"type": "integer", "minimum": 1})],
        "responses": {"200": answer("The post", PostOut), **problems("400", "401", "404", "503")},
    }


def _delete() -> dict[str, Any]:
    return {
        "operationId": "deletePost",
        "summary": "Delete a post, its photographs, embeddings and verdicts",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {
            "200": answer("Gone, to the last byte", DeletedOut),
            "202": answer("Gone but for files that are still being erased", DeletedOut),
            **problems("400", "401", "404", "503"),
        },
    }


def _send_appeal() -> dict[str, Any]:
    schema: Any = PydanticSchema(schema_class=AppealIn)
    return {
        "operationId": "sendAppeal",
        "summary": "Send an author's appeal",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "202": answer("Somebody who has not settled the post will look", AppealReceived),
            **problems("400", "401", "404", "408", "409", "410", "413", "415", "422", "503"),
        },
    }


def _show_appeal() -> dict[str, Any]:
    return {
        "operationId": "readAppeal",
        "summary": "Read how an appeal stands",
        "security": [{"key": []}],
        "parameters": [path("id")],
        "responses": {
            "200": answer("The appeal", AppealOut),
            **problems("400", "401", "404", "503"),
        },
    }


def _feed() -> dict[str, Any]:
    return {
        "operationId": "listPostsOfHashtag",
        "summary": "A hashtag's posts by verdict",
        "security": [{"key": []}],
        "parameters": [
            path("tag"),
            query(
                "verdict",
                {
                    "type": "string",
                    "enum": ["relevant", "irrelevant", "uncertain", "unverifiable"],
                    "default": "relevant",
                },
            ),
            *PAGES,
        ],
        "responses": {"200": answer("One page", Feed), **problems("400", "401", "404", "503")},
    }


def _similar() -> dict[str, Any]:
    return {
        "operationId": "listSimilarPosts",
        "summary": "What looks like a post, the likest first",
        "security": [{"key": []}],
        "parameters": [
            path("id"),
            query(
                "k",
                {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE, "default": A_PAGE},
            ),
            query(
                "min",
                {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
                "The least likeness, a cosine.",
            ),
            query("decision", {"type": "string", "enum": list(get_args(Decision))}),
            query("author", NAME, "The platform's id of the author."),
            query("hashtag", NAME, "In any spelling."),
            query("category", NAME, "One of the post's hashtags is of this category."),
            query("since", MOMENT, "Received at this moment or later."),
            PAGES[1],
        ],
        "responses": {
            "200": answer("One page", SimilarOut),
            **problems("400", "401", "404", "409", "410", "503"),
        },
    }


def _suggested() -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTED, "default": SUGGESTED}
    return {
        "operationId": "suggestHashtags",
        "summary": "Hashtags for a post, the surest first",
        "security": [{"key": []}],
        "parameters": [path("id"), query("k", schema, "At most so many.")],
        "responses": {
            "200": answer("The hashtags", SuggestedOut),
            **problems("400", "401", "404", "409", "410", "503"),
        },
    }


def _search() -> dict[str, Any]:
    schema: Any = PydanticSchema(schema_class=SimilarIn)
    return {
        "operationId": "searchSimilarPosts",
        "summary": "What looks like a photograph, of which nothing is stored",
        "security": [{"key": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "200": answer("One page", SimilarOut),
            **problems("400", "401", "408", "409", "413", "415", "422", "503"),
        },
    }


def _callback(operation: str, model: type[BaseModel]) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": "What we send to TAGSIFT_CALLBACK_URL, signed the same way",
        "security": [{name: [] for name in SIGNATURE_HEADERS}],
        "requestBody": {
            "content": {"application/json": {"schema": PydanticSchema(schema_class=model)}}
        },
        "responses": {"2XX": {"description": "Delivered; anything else is tried again"}},
    }
