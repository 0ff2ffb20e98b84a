"""`/v1/posts`: send, read and delete a post."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request, url_for

from service.api.json_body import invalid
from service.api.post_body import SentPost, read_post
from service.api.queries import number
from service.api.schemas import Accepted as AcceptedOut
from service.api.schemas import DeletedOut, PostIn
from service.audit import record
from service.credentials import caller
from service.erasure import erase
from service.erasure.receipt import owed_erasures, receipt_of
from service.likeness.most_similar import most_similar
from service.parts import Parts
from service.posts.accept import Accepted, accept
from service.posts.backlog import Backlog
from service.posts.delete import delete_post
from service.posts.find import find_post
from service.posts.representation import represent
from service.problems import FieldError, Problem, unavailable
from service.queue import SCREEN, hint
from service.tables import Post
from service.uploads.errors import UploadError
from service.uploads.settle import settle
from service.waits import OutageError

FULL_SECONDS = 30  # after which a post that found the backlog full may be sent again


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""
    backlog = Backlog(parts.sessions, parts.config.backlog_posts)

    @blueprint.post("/posts")
    def send_post() -> tuple[Response, HTTPStatus, dict[str, str]]:
        if backlog.is_full():
            raise _full()
        body = request.get_data(cache=True)
        accepted = _accepted(parts, read_post(request, body, parts.config.post_videos))
        row = accepted.post
        if accepted.is_new:
            hint(parts.queue, SCREEN, row.id)
        url = parts.config.base_url + url_for("api.show_post", post_id=row.external_id)
        answer = AcceptedOut.model_validate(
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
            post = find_post(session, post_id, revision)
            if post is None:
                raise _unknown(post_id)
            deleted = post.state == "deleted"
            receipt = receipt_of(session, post_id) if deleted else None
            near = most_similar(session, post, parts.screener.current().bundle.embedding_id)
            return jsonify(represent(post, near) | {"erasure": receipt})

    @blueprint.delete("/posts/<path:post_id>")
    def remove_post(post_id: str) -> tuple[Response, HTTPStatus]:
        with parts.sessions.begin() as session:
            receipt = delete_post(session, post_id)
            if receipt is None:
                raise _unknown(post_id)
            owed = owed_erasures(session, receipt)
            details = {"photographs": len(owed)}
            record(session, caller(), "post.deleted", f"post:{post_id}", details)
        # Erase now, so that most answers say that all is gone; the sweep retries what fails.
        erase(parts.sessions, parts.images, owed)
        with parts.sessions() as session:
            shown = receipt_of(session, post_id) or {}
        answer = DeletedOut.model_validate({"id": post_id, "state": "deleted", "erasure": shown})
        status = HTTPStatus.OK if answer.erasure.erased_at else HTTPStatus.ACCEPTED
        return jsonify(answer.model_dump(mode="json")), status


def _accepted(parts: Parts, sent: SentPost) -> Accepted:
    """The post as one committed row, with the uploads that it names."""
    named = {image.upload: f"/images/{n}/upload" for n, image in enumerate(sent.images)}
    named |= {video.upload: f"/videos/{n}/upload" for n, video in enumerate(sent.videos)}
    try:
        wrong = settle(parts, [key for key in named if key])
        with parts.sessions.begin() as session:
            return accept(session, _row(sent.post), sent.images, sent.videos)
    except OutageError:
        raise unavailable() from None
    except UploadError as error:
        told = wrong.get(error.key, error)
        raise invalid(
            "invalid-post", [FieldError(named[error.key], told.rule, str(told))]
        ) from None


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


def _full() -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "backlog-full",
        "So many posts wait for a decision that no further one is taken. Nothing was stored; "
        "send it again later.",
        headers={"Retry-After": str(FULL_SECONDS)},
    )


def _unknown(post_id: str) -> Problem:
    return Problem(
        HTTPStatus.NOT_FOUND, "unknown-post", f"No post has the id {post_id!r} (and revision)."
    )
