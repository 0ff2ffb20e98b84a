"""A grid of what looks like a stored post."""

from __future__ import annotations

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from service.console.frame.access import Permission, needs
from service.console.likeness.grid import draw, found
from service.console.likeness.query import asked_for
from service.likeness.stored import embeddings_of
from service.parts import Parts
from service.tables import Post


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page; filters and the place in the order stand in its address."""

    @blueprint.get("/posts/<int:row_id>/similar")
    @needs(Permission.READ)
    def similar(row_id: int) -> ResponseReturnValue:
        asked = asked_for(request.args)
        made_by = parts.screener.current().bundle.embedding_id
        with parts.sessions() as session:
            post = session.get(Post, row_id)
            if post is None or post.state == "deleted":
                abort(404)
            embeddings = embeddings_of(session, row_id, made_by)
            values = {"rows": None, "cursor": None}
            if embeddings is not None:
                cursor = request.args.get("cursor")
                values = found(session, embeddings, made_by, asked, post.external_id, cursor)
            return draw("likeness/similar.html", asked, post=post, **values)
