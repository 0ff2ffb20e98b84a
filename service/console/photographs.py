"""The stored copies of photographs, for whoever may read posts."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Blueprint, Response, abort, make_response, request
from PIL import Image as Pillow
from sqlalchemy import select

from service.console.access import Permission, needs
from service.console.places import draw_places
from service.parts import Parts
from service.tables import Image, Post

THUMBNAIL_PIXELS = 400


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A photograph at the size in which it is kept, and as a thumbnail."""

    @blueprint.get("/photographs/<int:image_id>")
    @needs(Permission.READ)
    def photograph(image_id: int) -> Response:
        return _answer(_find(parts, image_id), "full", lambda data: data, parts)

    @blueprint.get("/photographs/<int:image_id>/thumbnail")
    @needs(Permission.READ)
    def thumbnail(image_id: int) -> Response:
        return _answer(_find(parts, image_id), "thumbnail", _shrink, parts)

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


def _shrink(data: bytes) -> bytes:
    with Pillow.open(io.BytesIO(data)) as image:
        image.draft("RGB", (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        small = io.BytesIO()
        image.save(small, "JPEG", quality=82)
    return small.getvalue()
