"""`/v1/posts/…/hashtags/suggested`: suggested hashtags for a post."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify

from service.api import queries
from service.api.similar import check_state, without_photograph
from service.api.suggested_schemas import MOST_SUGGESTED, SUGGESTED, SuggestedOut
from service.parts import Parts
from service.posts.find import find_post
from service.problems import Problem
from service.votes.suggest import suggest


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the route to the API's blueprint."""

    @blueprint.get("/posts/<path:post_id>/hashtags/suggested")
    def suggest_hashtags(post_id: str) -> Response:
        most = queries.number("k", SUGGESTED, 1, MOST_SUGGESTED) or SUGGESTED
        current = parts.screener.current()
        with parts.sessions() as session:
            post = find_post(session, post_id)
            if post is None:
                raise Problem(
                    HTTPStatus.NOT_FOUND, "unknown-post", f"No post {post_id!r} is known."
                )
            check_state(post.state)
            if not any(image.labels for image in post.images):
                raise without_photograph()
            found = suggest(session, current, post, parts.config.vote_neighbours, most)
        shown = {"hashtags": [vars(one) for one in found]}
        return jsonify(SuggestedOut.model_validate(shown).model_dump(mode="json"))
