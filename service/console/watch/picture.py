"""An item's first picture: the stored copy of a post's photograph, or what was sent, drawn anew."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, request
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pictures import ImageError
from sandbox import StartError
from service.console.frame.access import Permission, needs
from service.console.posts.photographs import cover_of, shrink
from service.console.watch.files import plain
from service.parts import Parts
from service.screening.pictures import LEAST_PIXELS, open_picture
from service.tables import Image, Item, ItemImage, Upload
from service.uploads import opened
from service.waits import OutageError


@dataclass(frozen=True)
class StoredPicture:
    """Where a picture is. ``tag`` changes with it; ``path`` is a place in the image store, else
    ``sent`` names the row with its bytes. ``is_copy``: it was made from pixels by us."""

    tag: str
    path: str | None
    sent: int
    is_copy: bool


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The picture, small or as a file to take away; always as a JPEG without metadata, and veiled
    for whoever wants that."""

    @blueprint.get("/watch/items/<int:row_id>/picture")
    @needs(Permission.WATCH)
    def watch_picture(row_id: int) -> Response:
        with parts.sessions() as session:
            item = session.get(Item, row_id)
            kept = _find(session, item) if item and item.available else None
            name = plain(item.external_id) if item else ""
        if kept is None:
            abort(404)
        veil, cover = cover_of()
        is_small, is_file = "small" in request.args, "download" in request.args
        response = make_response()
        response.set_etag(f"{'small' if is_small else 'full'}{veil}-{kept.tag}")
        response.headers["Cache-Control"] = "private, no-cache"
        if not request.if_none_match.contains(response.get_etag()[0] or ""):
            data = _read(parts, kept)
            response.set_data(cover(shrink(data) if is_small else data))
        response.mimetype = "image/jpeg"
        if is_file:
            response.headers["Content-Disposition"] = f'attachment; filename="{name}.jpg"'
        response.make_conditional(request)
        return response


def _find(session: Session, item: Item) -> StoredPicture | None:
    if item.kind == "post":
        copies = select(Image.id, Image.derivative).where(
            Image.post_id == item.post_id, Image.derivative.is_not(None)
        )
        copy = session.execute(copies.order_by(Image.position, Image.id).limit(1)).first()
        return StoredPicture(f"post-{copy.id}", copy.derivative, 0, is_copy=True) if copy else None
    sent = select(ItemImage.id, Upload.path).outerjoin(
        Upload, Upload.key == ItemImage.source_upload
    )
    is_kept = or_(ItemImage.source_bytes.is_not(None), Upload.path.is_not(None))
    mine = sent.where(ItemImage.item_id == item.id, ItemImage.error.is_(None), is_kept)
    first = session.execute(mine.order_by(ItemImage.position).limit(1)).first()
    return StoredPicture(f"item-{first.id}", first.path, first.id, is_copy=False) if first else None


def _read(parts: Parts, kept: StoredPicture) -> bytes:
    if kept.path is not None:
        try:
            data = opened.read(parts.images, kept.path)
        except OutageError:
            abort(503)
    else:
        with parts.sessions() as session:
            data = session.scalar(select(ItemImage.source_bytes).where(ItemImage.id == kept.sent))
    if data is None:
        abort(404)
    if kept.is_copy:
        return data
    try:
        return open_picture(data, parts.config, LEAST_PIXELS).derivative
    except ImageError:
        abort(404)
    except StartError:  # nothing was found out about the bytes
        abort(503)
