"""`/v1/posts/…/similar` and `/v1/similar`: posts that look like a post, or like a photograph."""

from __future__ import annotations

from http import HTTPStatus
from typing import get_args

from flask import Blueprint, Response, jsonify, request

from pictures import ImageError
from service.api import queries
from service.api.json_body import read_json
from service.api.schemas import Decision, ImageSource
from service.api.similar_schemas import A_PAGE, MOST_A_PAGE, SimilarIn, SimilarOut
from service.likeness.filters import Filters
from service.likeness.search import LikenessQuery, search
from service.likeness.stored import embeddings_of
from service.parts import Parts
from service.posts.cursor import CursorError
from service.posts.find import find_post
from service.problems import FieldError, Problem, unavailable
from service.screening.fetch import FetchError
from service.similar.photograph import BusyError, embed
from service.uploads.errors import UploadError
from service.uploads.use import photograph_of
from service.waits import OutageError
from similarity import EmbeddingError, embedding
from similarity.duplicates import Floats

LONGEST_NAME = 200
BUSY_SECONDS = 2


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Add the routes to the API's blueprint."""

    @blueprint.get("/posts/<path:post_id>/similar")
    def show_similar(post_id: str) -> Response:
        limit = queries.number("k", A_PAGE, 1, MOST_A_PAGE) or A_PAGE
        least, filters = queries.share("min"), _filters()
        made_by = parts.screener.current().bundle.embedding_id
        with parts.sessions() as session:
            post = find_post(session, post_id)
            if post is None:
                raise Problem(
                    HTTPStatus.NOT_FOUND, "unknown-post", f"No post {post_id!r} is known."
                )
            check_state(post.state)
            embeddings = embeddings_of(session, post.id, made_by)
        if embeddings is None:
            raise without_photograph()
        cursor = request.args.get("cursor")
        return _answer(LikenessQuery(embeddings, made_by, limit, least, filters, post_id, cursor))

    @blueprint.post("/similar")
    def search_similar() -> Response:
        sent = read_json(request, SimilarIn, "invalid-search")
        embeddings, made_by = _embedded(parts, sent)
        return _answer(
            LikenessQuery(embeddings, made_by, sent.k, sent.min, sent.filters, None, sent.cursor)
        )

    def _answer(asked: LikenessQuery) -> Response:
        with parts.sessions() as session:
            try:
                page = search(session, asked)
            except CursorError as error:
                raise queries.bad_cursor(error) from None
        shown = {
            "posts": [vars(one) for one in page.posts],
            "next_cursor": page.next_cursor,
            "made_by": asked.made_by,
        }
        return jsonify(SimilarOut.model_validate(shown).model_dump(mode="json"))


def _embedded(parts: Parts, sent: SimilarIn) -> tuple[Floats, str]:
    if sent.image is not None:
        try:
            return embed(parts, _source(parts, sent.image))
        except (FetchError, ImageError) as error:
            raise _unreadable(error.code, error.message) from None
        except BusyError:
            raise _busy() from None
    bundle = parts.screener.current().bundle
    if sent.made_by != bundle.embedding_id:
        raise _another_network(bundle.embedding_id)
    try:
        found = embedding(sent.embedding or (), bundle.dimension)
    except EmbeddingError as error:
        field = FieldError("/embedding", error.rule, str(error))
        detail = f"The embedding {error}."
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-embedding", detail, [field]
        ) from None
    return found[None], bundle.embedding_id


def _source(parts: Parts, image: ImageSource) -> str | bytes:
    """A URL, or the bytes of a photograph."""
    if image.upload is None:
        return image.url if image.url is not None else image.base64 or b""
    try:
        return photograph_of(parts, image.upload)
    except UploadError as error:
        field = FieldError("/image/upload", error.rule, str(error))
        detail = f"The upload cannot be used. {error}"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-search", detail, [field]) from None
    except OutageError:
        raise unavailable() from None


def _filters() -> Filters:
    return Filters(
        decision=queries.choice("decision", get_args(Decision)),
        author=queries.words("author", LONGEST_NAME),
        hashtag=queries.words("hashtag", LONGEST_NAME),
        category=queries.words("category", LONGEST_NAME),
        since=queries.moment("since"),
    )


def check_state(state: str) -> None:
    """Refuse a post that was not looked at yet, or that was deleted.

    Raises:
        Problem: 410, it was deleted; 409, it is not looked at yet.
    """
    if state == "deleted":
        raise Problem(HTTPStatus.GONE, "post-deleted", "The post was deleted, and what was seen.")
    if state == "pending":
        detail = "The post's photographs are not looked at yet: ask again after its callback."
        raise Problem(HTTPStatus.CONFLICT, "post-pending", detail)


def without_photograph() -> Problem:
    """There is nothing that was seen in a post."""
    return Problem(
        HTTPStatus.CONFLICT,
        "no-photograph",
        "There is nothing to compare: none of the post's photographs could be read, or what was "
        "seen in them is no longer kept, or the live network has not looked at them yet.",
    )


def _unreadable(code: str, message: str) -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "unreadable-image",
        f"The photograph cannot be had or read. {message}",
        [FieldError("/image", code, message)],
    )


def _another_network(live: str) -> Problem:
    detail = f"Embeddings of different networks cannot be compared; the live one is {live!r}."
    field = FieldError("/made_by", "another_network", detail)
    return Problem(HTTPStatus.CONFLICT, "another-network", detail, [field])


def _busy() -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "busy",
        "As many photographs are being looked at as this process takes. Send it again.",
        headers={"Retry-After": str(BUSY_SECONDS)},
    )
