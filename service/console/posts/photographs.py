"""The stored copies of photographs, for whoever may read posts: veiled for whoever wants that."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Blueprint, Response, abort, make_response, request
from flask_login import current_user
from PIL import Image as Pillow
from sqlalchemy import select

from service.console.frame.access import Permission, needs
from service.console.posts.places import draw_places
from service.console.posts.veil import veil
from service.parts import Parts
from service.tables import Image, Post

THUMBNAIL_PIXELS = 400


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A photograph at the size in which it is kept, and as a thumbnail.

    Both arrive as the preferences of whoever asks say. Only ``/revealed`` sends what is under a
    veil, so a page that forgets the preferences cannot show it.
    """

    @blueprint.get("/photographs/<int:image_id>")
    @needs(Permission.READ)
    def photograph(image_id: int) -> Response:
        kind, cover = cover_of()
        return _answer(_find(parts, image_id), f"full{kind}", cover, parts)

    @blueprint.get("/photographs/<int:image_id>/revealed")
    @needs(Permission.READ)
    def revealed(image_id: int) -> Response:
        return _answer(_find(parts, image_id), "full", _as_it_is, parts)

    @blueprint.get("/photographs/<int:image_id>/thumbnail")
    @needs(Permission.READ)
    def thumbnail(image_id: int) -> Response:
        kind, cover = cover_of()
        return _answer(
            _find(parts, image_id), f"thumbnail{kind}", lambda data: cover(shrink(data)), parts
        )

    @blueprint.get("/photographs/<int:image_id>/places/<label>")
    @needs(Permission.READ)
    def places(image_id: int, label: str) -> Response:
        current = parts.screener.current()
        if label not in {known.name for known in current.bundle.labels}:
            abort(404)

        def draw(data: bytes) -> bytes:
            with Pillow.open(io.BytesIO(data)) as image:
                return draw_places(current.classifier, image, label)

        kind = f"{current.bundle.id}-{label}"
        return _answer(_find(parts, image_id), kind, draw, parts, "image/png")


def cover_of() -> tuple[str, Callable[[bytes], bytes]]:
    """What the preferences of whoever asks do to a photograph, and its name."""
    kind: str = current_user.preferences.veil
    return (kind, lambda data: veil(data, kind)) if kind else ("", _as_it_is)


def _as_it_is(data: bytes) -> bytes:
    return data


def _find(parts: Parts, image_id: int) -> Image:
    with parts.sessions() as session:
        image = session.scalar(
            select(Image).join(Post).where(Image.id == image_id, Post.state != "deleted")
        )
    if image is None or image.derivative is None:
        abort(404)
    return image


def _answer(
    image: Image,
    kind: str,
    shape: Callable[[bytes], bytes],
    parts: Parts,
    mimetype: str = "image/jpeg",
) -> Response:
    """The bytes, or 304 where the browser has them. It asks each time: a deleted post is gone."""
    response = make_response()
    tag = f"{kind}-{image.id}-{image.sha256}"
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    if not request.if_none_match.contains(tag):
        data = parts.images.get(image.derivative or "")
        if data is None:
            abort(404)
        response.set_data(shape(data))
    response.mimetype = mimetype
    response.make_conditional(request)
    return response


def shrink(data: bytes) -> bytes:
    """A JPEG of at most ``THUMBNAIL_PIXELS`` on its longer side."""
    with Pillow.open(io.BytesIO(data)) as image:
        image.draft("RGB", (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        small = io.BytesIO()
        image.save(small, "JPEG", quality=82)
    return small.getvalue()
