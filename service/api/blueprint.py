"""Everything below `/v1`. Only the OpenAPI document needs no credentials."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, g, jsonify, request

from service.api import (
    appeals,
    channels,
    feeds,
    items,
    post_list,
    posts,
    recommend,
    similar,
    suggested,
    thumbnails,
    upload_content,
    uploads,
)
from service.api.openapi import document
from service.apikeys.known import KnownKeys
from service.audit.refusals import Refusal, Refusals
from service.client_address import asked, network
from service.credentials import CALLER, check_delivery, check_key, check_signature
from service.parts import Parts
from service.problems import Problem


def make_blueprint(parts: Parts) -> Blueprint:
    """The API on one set of parts."""
    blueprint = Blueprint("api", __name__, url_prefix="/v1")
    refusals = Refusals(parts.sessions)
    known = KnownKeys(parts.sessions)

    @blueprint.before_request
    def refuse_strangers() -> None:
        # The URL of an upload carries a ticket of its own.
        if request.endpoint in {"api.openapi", uploads.PUT}:
            return
        try:
            if request.endpoint == "api.send_post":
                check_delivery(request, parts.config)
                # Read before the form is parsed: the signature is over the raw bytes.
                check_signature(request, request.get_data(cache=True), parts.config)
            else:
                g.caller = check_key(request, parts.config, known)
        except Problem as problem:
            action = f"refused.{problem.code}".replace("-", "_")
            refusals.note(Refusal(CALLER, action, asked(request), network()))
            raise

    @blueprint.before_request
    def refuse_what_no_name_holds() -> None:
        if "\0" in request.path:  # PostgreSQL cannot even be asked
            detail = "The address contains the NUL character; nothing has such a name."
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(document())

    posts.add_routes(blueprint, parts)
    post_list.add_routes(blueprint, parts)
    appeals.add_routes(blueprint, parts)
    feeds.add_routes(blueprint, parts)
    similar.add_routes(blueprint, parts)
    suggested.add_routes(blueprint, parts)
    channels.add_routes(blueprint, parts)
    uploads.add_routes(blueprint, parts)
    upload_content.add_routes(blueprint, parts, refusals)
    items.add_routes(blueprint, parts)
    recommend.add_routes(blueprint, parts)
    thumbnails.add_routes(blueprint, parts)
    return blueprint
