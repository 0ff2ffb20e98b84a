"""`/v1/channels/…/similar`: authors whose photographs look like an author's."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from service.api import queries
from service.api.channels_schemas import A_LIST, MOST_A_LIST, ChannelsOut
from service.parts import Parts
from service.problems import Problem
from service.similar.channels import NotIndexedError, is_known, similar_channels

BUILT_SECONDS = 30


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the route to the API's blueprint."""

    @blueprint.get("/channels/<path:author_id>/similar")
    def show_similar_channels(author_id: str) -> Response:
        most = queries.number("k", A_LIST, 1, MOST_A_LIST) or A_LIST
        made_by = parts.screener.current().bundle.embedding_id
        with parts.sessions() as session:
            if not is_known(session, author_id):
                detail = f"No post of an author {author_id!r} is known."
                raise Problem(HTTPStatus.NOT_FOUND, "unknown-author", detail)
            try:
                found = similar_channels(session, author_id, made_by, most)
            except NotIndexedError:
                raise _not_indexed() from None
        if found is None:
            detail = "There is nothing to compare: none of the author's photographs was looked at."
            raise Problem(HTTPStatus.CONFLICT, "no-photograph", detail)
        shown = {"channels": [asdict(one) for one in found], "made_by": made_by}
        return jsonify(ChannelsOut.model_validate(shown).model_dump(mode="json"))


def _not_indexed() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The index of embeddings is being built. Send it again.",
        headers={"Retry-After": str(BUILT_SECONDS)},
    )
