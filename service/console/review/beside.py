"""Context of a post: near-duplicates, and its author's earlier posts."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from service.campaigns.read import campaigns_of
from service.console.frame.access import Permission, needs
from service.console.posts.spread import spread
from service.parts import Parts
from service.posts.author import history
from service.similar.neighbours import RECENT, neighbours
from service.tables import Post

SHOWN = 8


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The part that a post's page asks for once it stands; a page of its own without scripts."""

    @blueprint.get("/posts/<int:row_id>/beside")
    @needs(Permission.READ)
    def beside(row_id: int) -> ResponseReturnValue:
        made_by = parts.screener.current().bundle.embedding_id
        with parts.sessions() as session:
            post = session.get(Post, row_id)
            if post is None or post.state == "deleted":
                abort(404)
            near = neighbours(session, post, made_by, SHOWN + 1)
            part_only = request.headers.get("X-Requested-With") == "fetch"
            return render_template(
                "review/beside.html" if part_only else "review/beside_page.html",
                post=post,
                near=near[:SHOWN],
                more=len(near) > SHOWN,
                same=any(one.likeness.same for one in near),
                days=RECENT.days,
                history=history(session, post),
                campaign=campaigns_of(session, [post.id]).get(post.id),
                spread=spread,
            )
