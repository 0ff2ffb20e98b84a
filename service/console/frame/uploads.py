"""Where a form's script puts a file, past the form."""

from __future__ import annotations

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.audit import record
from service.console.frame.identity import made_by
from service.incoming import whole_number
from service.parts import Parts
from service.uploads.begin import FullError, begin, bounds_of
from service.uploads.kinds import CONTENT_TYPES, Family, family_of
from service.uploads.ticket import Ticket, tickets_of

# Browsers do not name every file's type; what is put is looked at.
USUAL = {Family.IMAGE: "image/jpeg", Family.VIDEO: "video/mp4"}


def begin_upload(parts: Parts, family: Family, most: int, too_large: str) -> ResponseReturnValue:
    """Begin one of at most so many bytes: a pre-signed URL of our own, whatever the image store is,
    since a page may speak with no other host."""
    size = whole_number(request.form.get("size"), 0, most)
    if not size:
        empty = _("This file is empty. Choose another.")
        return jsonify(problem=too_large if size is None else empty), 422
    kind = request.form.get("content_type", "").partition(";")[0].lower()
    if kind not in CONTENT_TYPES or family_of(kind) != family:
        kind = USUAL[family]
    try:
        with parts.sessions.begin() as session:
            bounds = bounds_of(parts.config)
            begun = begin(session, made_by(), kind, size, bounds, in_bucket=False)
            record(session, current_user.name, "upload.begun", begun.key, {"size": size})
    except FullError:
        return jsonify(problem=_("Too many uploads are waiting, so no other can begin now.")), 429
    ticket = tickets_of(parts.config).write(Ticket(begun.key, size))
    return jsonify(key=begun.key, url=url_for("api.put_upload", key=begun.key, ticket=ticket))
