"""`/v1/hashtags/…/posts`: a hashtag's posts without the irrelevant ones."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from service.api import queries
from service.api.schemas import Author, Feed, FeedItem
from service.parts import Parts
from service.posts.cursor import CursorError
from service.posts.feed import feed
from service.tables import Post

A_PAGE = 50
MOST_A_PAGE = 200


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the route to the API's blueprint."""

    @blueprint.get("/hashtags/<path:hashtag>/posts")
    def show_feed(hashtag: str) -> Response:
        verdict = queries.verdict()
        limit = queries.number("limit", A_PAGE, 1, MOST_A_PAGE) or A_PAGE
        with parts.sessions() as session:
            try:
                page = feed(session, hashtag, verdict, limit, request.args.get("cursor"))
            except CursorError as error:
                raise queries.bad_cursor(error) from None
        answer = Feed(
            hashtag=hashtag,
            verdict=verdict,
            posts=[_feed_item(post, verdict) for post in page.posts],
            next_cursor=page.next_cursor,
        )
        return jsonify(answer.model_dump(mode="json"))


def _feed_item(post: Post, verdict: str) -> FeedItem:
    return FeedItem.model_validate(
        {
            "id": post.external_id,
            "revision": post.revision,
            "author": Author(id=post.author_id),
            "created_at": post.posted_at,
            "decision": post.decision,
            "verdict": verdict,
        }
    )
