"""A grid of what looks like a photograph that somebody drops, of which nothing is kept."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from pictures import ImageError
from service.console.frame.access import Permission, needs
from service.console.likeness.grid import draw, found
from service.console.likeness.query import asked_for
from service.console.posts.words import IMAGE_ERRORS
from service.parts import Parts
from service.similar.photograph import BusyError, embed


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form, and its answer: a whole page, or only the part that a script asked for."""
    most_megabytes = parts.config.image_bytes // 2**20

    @blueprint.get("/similar")
    @needs(Permission.TRY)
    def similar_to() -> ResponseReturnValue:
        asked = asked_for(request.args)
        return draw("likeness/photograph.html", asked, rows=None, most_megabytes=most_megabytes)

    @blueprint.post("/similar")
    @needs(Permission.TRY)
    def search_similar_to() -> ResponseReturnValue:
        asked = asked_for(request.form)
        part_only = request.headers.get("X-Requested-With") == "fetch"
        template = "likeness/grid.html" if part_only else "likeness/photograph.html"
        file = request.files.get("photographs")
        problem, status = "", 200
        values = {"rows": None, "cursor": None}
        try:
            if file is None or not file.filename:
                problem, status = _("Choose a photograph."), 422
            else:
                data = file.stream.read(parts.config.image_bytes + 1)
                embeddings, made_by = embed(parts, data)
                with parts.sessions() as session:
                    values = found(session, embeddings, made_by, asked)
        except ImageError as error:
            why = str(IMAGE_ERRORS.get(error.code, error.code))
            problem, status = _("This photograph could not be read: %(why)s.", why=why), 422
        except BusyError:
            problem = _("Others are searching by photographs at this moment. Try again.")
            status = 503
        html = draw(template, asked, problem=problem, most_megabytes=most_megabytes, **values)
        return html, status
