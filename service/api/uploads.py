"""`/v1/uploads`: announce a file, and ask how its upload stands."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.json_body import invalid, read_json
from service.api.uploads_schemas import UploadBegun, UploadIn, UploadOut
from service.credentials import caller
from service.parts import Parts
from service.problems import FieldError, Problem, unavailable
from service.uploads.begin import Begun, FullError, begin, bounds_of
from service.uploads.errors import UploadError
from service.uploads.kinds import Family, family_of
from service.uploads.read import status_of
from service.uploads.ticket import Ticket, tickets_of
from service.waits import OutageError

PUT = "api.put_upload"
FULL_SECONDS = 60  # after which somebody's upload may have been named or expired


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""
    config = parts.config
    tickets = tickets_of(config)
    bounds = bounds_of(config)
    most = {Family.IMAGE: config.image_bytes, Family.VIDEO: config.upload_bytes}

    @blueprint.post("/uploads")
    def begin_upload() -> tuple[Response, HTTPStatus]:
        sent = read_json(request, UploadIn, "invalid-upload")
        limit = most[family_of(sent.content_type)]
        if sent.size > limit:
            told = f"A file of this type may have at most {limit} bytes."
            raise invalid("invalid-upload", [FieldError("/size", "too_large", told)])
        in_bucket = parts.images.takes_signed
        try:
            with parts.sessions.begin() as session:
                begun = begin(
                    session, caller(), sent.content_type, sent.size, bounds, in_bucket=in_bucket
                )
        except FullError:
            raise _full() from None
        answer = UploadBegun(
            key=begun.key,
            url=_url(begun),
            method="PUT",
            headers={"Content-Type": begun.content_type},
            expires_at=begun.expires_at,
            max_bytes=begun.size,
        )
        return jsonify(answer.model_dump(mode="json")), HTTPStatus.CREATED

    @blueprint.get("/uploads/<key>")
    def show_upload(key: str) -> Response:
        return jsonify(shown(parts, key))

    def _url(begun: Begun) -> str:
        if begun.landing is not None:
            seconds = int(config.upload_lifetime.total_seconds())
            return parts.images.presigned(begun.landing, seconds, begun.size, begun.content_type)
        ticket = tickets.write(Ticket(begun.key, begun.size))
        return config.base_url + url_for(PUT, key=begun.key, ticket=ticket)


def shown(parts: Parts, key: str) -> dict[str, Any]:
    """An upload as the wire shows it.

    Raises:
        Problem: 404, there is none; 503, the bucket is away.
    """
    try:
        found = status_of(parts, key)
    except UploadError as error:
        raise Problem(HTTPStatus.NOT_FOUND, "unknown-upload", str(error)) from None
    except OutageError:
        raise unavailable() from None
    return UploadOut.model_validate(vars(found)).model_dump(mode="json")


def _full() -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too-many-uploads",
        "So many uploads wait for a post that no further one may begin.",
        headers={"Retry-After": str(FULL_SECONDS)},
    )
