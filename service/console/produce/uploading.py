"""Where the form's script puts a picture, past the form."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.audit import record
from service.console.frame.access import Permission, needs
from service.incoming import whole_number
from service.parts import Parts
from service.uploads.begin import Bounds, FullError, begin
from service.uploads.kinds import CONTENT_TYPES, Family, family_of
from service.uploads.ticket import Ticket, tickets_of

USUAL = "image/jpeg"  # browsers do not name every picture's type; what is put is looked at


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A pre-signed URL of our own for one file, whatever the image store is: a page may speak with
    no other host."""
    config = parts.config
    tickets = tickets_of(config)
    bounds = Bounds(config.uploads_waiting, config.uploads_waiting_bytes, config.upload_lifetime)

    @blueprint.post("/produce/uploads")
    @needs(Permission.PRODUCE)
    def begin_picture() -> ResponseReturnValue:
        size = whole_number(request.form.get("size"), 1, config.image_bytes)
        if size is None:
            most = config.image_bytes // 2**20
            return jsonify(problem=_("A picture may have at most %(size)s MB.", size=most)), 422
        kind = request.form.get("content_type", "")
        if kind not in CONTENT_TYPES or family_of(kind) != Family.IMAGE:
            kind = USUAL
        made_by = f"console:{current_user.name}"
        try:
            with parts.sessions.begin() as session:
                begun = begin(session, made_by, kind, size, bounds, in_bucket=False)
                record(session, current_user.name, "upload.begun", begun.key, {"size": size})
        except FullError:
            return jsonify(
                problem=_("Too many uploads are waiting, so no other can begin now.")
            ), 429
        ticket = tickets.write(Ticket(begun.key, size))
        return jsonify(key=begun.key, url=url_for("api.put_upload", key=begun.key, ticket=ticket))
