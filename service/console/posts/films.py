"""The videos of posts, played on demand: piece by piece, and whole only where no veil is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user
from sqlalchemy import select

from service.console.frame.access import Permission, needs
from service.parts import Parts
from service.tables import Post, Upload, Video
from service.uploads.kinds import HEAD_BYTES, content_type_of

PIECE = 2 * 2**20  # bytes of one answer: no thread is held for longer than it takes to send them
OTHER_TYPE = "application/octet-stream"


@dataclass(frozen=True)
class Film:
    """One video of a post. ``source`` plays it; None where it cannot be played (``error``).

    ``veiled``: who is signed in wants photographs veiled, so that it is shown by request only.
    """

    number: int
    source: str | None
    stamp: str
    error: str | None
    veiled: bool


def films_of(post: Post) -> Sequence[Film]:
    """The videos of a stored post, in its order."""
    veiled = bool(current_user.preferences.veil)
    endpoint = "console.video_revealed" if veiled else "console.video"
    return [
        Film(
            video.position + 1,
            url_for(endpoint, video_id=video.id) if video.sha256 else None,
            "{}:{:02}".format(*divmod(int(video.seconds or 0), 60)),
            (video.error or {}).get("code"),
            veiled,
        )
        for video in post.videos
    ]


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A video as it was sent. Under a veil only ``/revealed`` sends it."""

    @blueprint.get("/videos/<int:video_id>")
    @needs(Permission.READ)
    def video(video_id: int) -> Response:
        if current_user.preferences.veil:
            abort(403)
        return _piece(parts, video_id)

    @blueprint.get("/videos/<int:video_id>/revealed")
    @needs(Permission.READ)
    def video_revealed(video_id: int) -> Response:
        return _piece(parts, video_id)


def _piece(parts: Parts, video_id: int) -> Response:
    """A part of the file (RFC 9110, 14.2): what is asked for, at most ``PIECE`` bytes of it."""
    place, size = _find(parts, video_id)
    asked = request.range.range_for_length(size) if request.range else (0, min(size, PIECE))
    if asked is None:
        refused = Response(status=416)
        refused.headers["Content-Range"] = f"bytes */{size}"
        return refused
    start, stop = asked[0], min(asked[1], asked[0] + PIECE)
    head = parts.images.piece(place, 0, HEAD_BYTES)
    data = parts.images.piece(place, start, stop)
    if head is None or data is None:
        abort(404)
    # Without a range a file that fits is sent whole; players ask for ranges.
    partial = request.range is not None or stop < size
    response = Response(data, 206 if partial else 200, content_type=content_type_of(head))
    response.mimetype = content_type_of(head) or OTHER_TYPE
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-store"
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


def _find(parts: Parts, video_id: int) -> tuple[str, int]:
    """The place of a video's file in the image store, and its size; 404 where there is none."""
    query = (
        select(Video.stored, Upload.path, Video.size)
        .join(Post, Post.id == Video.post_id)
        .outerjoin(Upload, Upload.key == Video.source_upload)
        .where(Video.id == video_id, Post.state != "deleted")
    )
    with parts.sessions() as session:
        row = session.execute(query).one_or_none()
    if row is None or not row.size or not (row.stored or row.path):
        abort(404)
    return row.stored or row.path, row.size
