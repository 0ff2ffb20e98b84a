"""Where the form's script puts a picture, past the form."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.console.frame.access import Permission, needs
from service.console.frame.uploads import begin_upload
from service.parts import Parts
from service.uploads.kinds import Family


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Hands out a URL for one picture."""
    most = parts.config.image_bytes

    @blueprint.post("/produce/uploads")
    @needs(Permission.PRODUCE)
    def begin_picture() -> ResponseReturnValue:
        told = _("A picture may have at most %(size)s MB.", size=most // 2**20)
        return begin_upload(parts, Family.IMAGE, most, told)
