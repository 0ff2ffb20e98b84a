"""The neighbours that voted on a post's hashtags, with their photographs."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from service.console.frame.access import Permission, needs
from service.parts import Parts
from service.tables import Post
from service.votes.polls import polls_of


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The part that a post's page asks for once it stands; a page of its own without scripts."""

    @blueprint.get("/posts/<int:row_id>/votes")
    @needs(Permission.READ)
    def post_votes(row_id: int) -> str:
        with parts.sessions() as session:
            post = session.get(Post, row_id)
            if post is None or post.state == "deleted":
                abort(404)
            part_only = request.headers.get("X-Requested-With") == "fetch"
            return render_template(
                "votes/polls.html" if part_only else "votes/polls_page.html",
                post=post,
                polls=polls_of(session, row_id),
            )
