"""Where the form's script puts a video, piece by piece, past the form."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.audit import record
from service.console.frame.access import Permission, needs
from service.console.thumbnails.forms import made_by, upload_bounds
from service.incoming import whole_number
from service.parts import Parts
from service.uploads.begin import FullError, begin
from service.uploads.kinds import CONTENT_TYPES, Family, family_of
from service.uploads.ticket import Ticket, tickets_of

USUAL = "video/mp4"  # browsers do not name every video's type; what is put is looked at


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A URL of our own for one file, whatever the image store is."""
    tickets = tickets_of(parts.config)

    @blueprint.post("/thumbnails/uploads")
    @needs(Permission.PRODUCE)
    def begin_video() -> ResponseReturnValue:
        most = parts.config.upload_bytes
        size = whole_number(request.form.get("size", ""), 1, most)
        if size is None:
            told = _("A video may have at most %(size)s MB.", size=most // 2**20)
            return jsonify(problem=told), 422
        kind = request.form.get("content_type", "").partition(";")[0].lower()
        if kind not in CONTENT_TYPES or family_of(kind) != Family.VIDEO:
            kind = USUAL
        try:
            with parts.sessions.begin() as session:
                bounds = upload_bounds(parts.config)
                begun = begin(session, made_by(), kind, size, bounds, in_bucket=False)
                record(session, current_user.name, "upload.begun", begun.key, {"size": size})
        except FullError:
            return jsonify(
                problem=_("Too many uploads are waiting, so no other can begin now.")
            ), 429
        ticket = tickets.write(Ticket(begun.key, size))
        return jsonify(key=begun.key, url=url_for("api.put_upload", key=begun.key, ticket=ticket))
