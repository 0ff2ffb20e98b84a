"""`/v1/posts`: send, read and delete a post."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.credentials import CALLER
from service.api.queries import number
from service.api.reading import read_post
from service.api.schemas import Accepted, PostIn
from service.audit import record
from service.parts import Parts
from service.posts.accept import accept
from service.posts.delete import delete_post
from service.posts.find import find
from service.posts.representation import represent
from service.problems import Problem
from service.queue import SCREEN, hint
from service.tables import Post


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""

    @blueprint.post("/posts")
    def send_post() -> tuple[Response, HTTPStatus, dict[str, str]]:
        sent, images = read_post(request, request.get_data(cache=True))
        with parts.sessions.begin() as session:
            accepted = accept(session, _row(sent), images)
        row = accepted.post
        if accepted.is_new:
            hint(parts.queue, SCREEN, row.id)
        url = parts.config.base_url + url_for("api.show_post", post_id=row.external_id)
        answer = Accepted.model_validate(
            {
                "id": row.external_id,
                "revision": row.revision,
                "state": row.state,
                "status_url": url,
            }
        )
        return jsonify(answer.model_dump()), HTTPStatus.ACCEPTED, {"Location": url}

    @blueprint.get("/posts/<path:post_id>")
    def show_post(post_id: str) -> Response:
        revision = number("revision", None, 1, 2**63 - 1)
        with parts.sessions() as session:
            post = find(session, post_id, revision)
            if post is None:
                raise _unknown(post_id)
            return jsonify(represent(post))

    @blueprint.delete("/posts/<path:post_id>")
    def remove_post(post_id: str) -> tuple[str, HTTPStatus]:
        with parts.sessions.begin() as session:
            keys = delete_post(session, post_id)
            if keys is not None:
                record(
                    session, CALLER, "post.deleted", f"post:{post_id}", {"photographs": len(keys)}
                )
        if keys is None:
            raise _unknown(post_id)
        # After the commit nothing leads to these files; asked again, they are deleted again.
        parts.images.delete(keys)
        return "", HTTPStatus.NO_CONTENT


def _row(sent: PostIn) -> Post:
    return Post(
        external_id=sent.id,
        revision=sent.revision,
        author_id=sent.author.id,
        caption=sent.caption,
        hashtags=list(sent.hashtags),
        posted_at=sent.created_at,
        reach=sent.metrics.reach,
        attempts=0,
    )


def _unknown(post_id: str) -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND, "unknown-post", f"No post has the id {post_id!r} (and revision)."
    )
