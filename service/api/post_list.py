"""`GET /v1/posts`: posts by state, decision and time."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, Response, jsonify, request

from service.api import queries
from service.api.schemas import Decision, ListedPost, PostList, State
from service.parts import Parts
from service.posts.cursor import CursorError
from service.posts.listed import PostQuery, list_posts
from service.tables import Post

A_PAGE = 50
MOST_A_PAGE = 200
LONGEST_NAME = 200


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the route to the API's blueprint."""

    @blueprint.get("/posts")
    def list_all() -> Response:
        asked = _asked()
        limit = queries.number("limit", A_PAGE, 1, MOST_A_PAGE) or A_PAGE
        with parts.sessions() as session:
            try:
                page = list_posts(session, asked, limit, request.args.get("cursor"))
            except CursorError as error:
                raise queries.bad_cursor(error) from None
        answer = PostList(
            posts=[_listed(post) for post in page.posts], next_cursor=page.next_cursor
        )
        return jsonify(answer.model_dump(mode="json"))


def _asked() -> PostQuery:
    state = queries.choice("state", get_args(State))
    decision = queries.choice("decision", get_args(Decision))
    if decision is not None and state not in (None, "decided"):
        raise queries.bad_query(
            "decision", "state", "is that of decided posts: leave state out, or ask for decided."
        )
    return PostQuery(
        state=state,
        decision=decision,
        since=queries.moment("since"),
        until=queries.moment("until"),
        author=queries.words("author", LONGEST_NAME),
        hashtag=queries.words("hashtag", LONGEST_NAME),
    )


def _listed(post: Post) -> ListedPost:
    return ListedPost.model_validate(
        {
            "id": post.external_id,
            "revision": post.revision,
            "author": {"id": post.author_id} if post.author_id else None,
            "created_at": post.posted_at,
            "received_at": post.received_at,
            "state": post.state,
            "decision": post.decision,
            "decided_by": post.decided_by,
            "decided_at": post.decided_at,
        }
    )
