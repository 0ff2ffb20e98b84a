"""Find a post by its id, day, author, hashtag or caption: a page, and what the palette asks."""

from __future__ import annotations

from datetime import UTC, tzinfo

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone

from service.console.find.words import BY
from service.console.frame.access import Permission, needs
from service.console.posts.pages import chips
from service.parts import Parts
from service.posts.search import search

SUGGESTED = 6  # posts of each kind in the palette
CAPTION_LETTERS = 60


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page of what was found, and the same as JSON while somebody types."""

    @blueprint.get("/find")
    @needs(Permission.READ)
    def find() -> ResponseReturnValue:
        text = request.args.get("q", "")
        with parts.sessions() as session:
            found = search(session, text, _zone())
            return render_template("find/find.html", text=text, found=found, chips=chips, BY=BY)

    @blueprint.get("/find.json")
    @needs(Permission.READ)
    def suggest() -> Response:
        with parts.sessions() as session:
            posts = {
                post.id: post
                for one in search(session, request.args.get("q", ""), _zone(), SUGGESTED)
                for post in one.posts
            }
        return jsonify(
            [
                {
                    "name": f"{post.external_id}  {post.caption[:CAPTION_LETTERS]}".strip(),
                    "url": url_for("console.post", row_id=post.id),
                }
                for post in posts.values()
            ]
        )


def _zone() -> tzinfo:
    """Where the days of whoever looks begin."""
    return get_timezone() or UTC
