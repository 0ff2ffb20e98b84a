"""Where the form's script puts a picture, past the form."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.console.frame.access import Permission, needs
from service.console.frame.uploads import begin_upload
from service.incoming import whole_number
from service.parts import Parts
from service.uploads.kinds import Family


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Hands out a URL for one picture."""
    most = parts.config.image_bytes

    @blueprint.post("/produce/uploads")
    @needs(Permission.PRODUCE)
    def begin_picture() -> ResponseReturnValue:
        size = whole_number(request.form.get("size"), 1, most)
        if size is None:
            told = _("A picture may have at most %(size)s MB.", size=most // 2**20)
            return jsonify(problem=told), 422
        return begin_upload(parts, Family.IMAGE, size)
