"""Pictures of a request for thumbnails, and how far it is."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, request
from flask_babel import gettext as _

from service.console.frame.access import Permission, by_itself, needs
from service.parts import Parts
from service.tables import ThumbnailFrame
from service.thumbnails.crop import SHAPES, cropped
from service.thumbnails.show import result_of, small_at, stored_at
from service.uploads import opened
from service.waits import OutageError


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A candidate as it is on the strip, a chosen frame whole or cropped, and the state."""

    @blueprint.get("/thumbnails/<key>/state.json")
    @needs(Permission.PRODUCE)
    @by_itself
    def thumbnails_state(key: str) -> Response:
        with parts.sessions() as session:
            found = result_of(session, key)
        is_over = found is None or found.job.state != "pending"
        return jsonify(over=is_over, total=1, seen=0, text=_("Looking at it …"))

    @blueprint.get("/thumbnails/<key>/candidates/<int(most=999):position>.jpg")
    @needs(Permission.PRODUCE)
    def thumbnail_candidate(key: str, position: int) -> Response:
        with parts.sessions() as session:
            small = small_at(session, key, position)
        return _picture(small)

    @blueprint.get("/thumbnails/<key>/frames/<int(most=999):rank>.jpg")
    @needs(Permission.PRODUCE)
    def chosen_thumbnail(key: str, rank: int) -> Response:
        with parts.sessions() as session:
            frame = stored_at(session, key, rank)
        shape = request.args.get("shape", "")
        if shape and shape not in SHAPES:
            abort(404)
        response = _picture(_read(parts, frame, shape))
        if "download" in request.args:
            name = f"thumbnail-{rank}{f'-{shape}' if shape else ''}.jpg"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _read(parts: Parts, frame: ThumbnailFrame | None, shape: str) -> bytes | None:
    if frame is None or frame.stored is None:
        return None
    try:
        data = opened.read(parts.images, frame.stored)
    except OutageError:
        abort(503)
    if data is None or not shape:
        return data
    return cropped(data, (frame.focus_x or 0.0, frame.focus_y or 0.0), SHAPES[shape])


def _picture(data: bytes | None) -> Response:
    if data is None:
        abort(404)
    return Response(data, mimetype="image/jpeg")
