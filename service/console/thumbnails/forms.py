"""What is asked for in the form of thumbnails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from service.config import Config
from service.console.frame.identity import made_by
from service.console.thumbnails.words import RULES
from service.incoming import whole_number
from service.parts import Parts
from service.thumbnails import ask
from service.thumbnails.ask import MOST, NewPicture, Request
from service.thumbnails.check import check
from service.thumbnails.extras import ENGAGEMENT, LATENT
from service.thumbnails.make import MOST_PICTURES
from service.uploads import begin
from service.uploads.errors import UploadError
from service.uploads.store import store_file

LONGEST_NAME = 200


class FormError(Exception):
    """The form cannot be used; the text says why, in the language of the page."""


def bounds_of(config: Config) -> ask.Bounds:
    """How much one person may ask for."""
    lifetime = timedelta(hours=config.keep_thumbnail_hours)
    return ask.Bounds(config.thumbnails_waiting, config.thumbnails_kept, lifetime)


def asked_for(parts: Parts) -> Request:
    """The request that a form makes. A video that came with it becomes an upload.

    Raises:
        FormError: something is missing, too much or not there.
        OutageError, service.uploads.begin.FullError: as those of uploads.
    """
    form = request.form
    wanted = whole_number(form.get("k", ""), 1, MOST)
    if wanted is None:
        raise FormError(_("Ask for 1 to %(count)s frames.", count=MOST))
    candidates = _pictures("images", parts.config)
    upload = form.get("upload") or None
    if upload is None and not candidates:
        upload = _video(parts)
    if (upload is None) == (not candidates):
        raise FormError(_("Choose a video, or pictures instead of one."))
    style = form.get("style", "none")
    references = _pictures("references", parts.config) if style == "pictures" else []
    if style == "pictures" and not references:
        raise FormError(_("Choose pictures to compare with."))
    named = form.get(style, "").strip()[:LONGEST_NAME]
    if style in ("channel", "category") and not named:
        raise FormError(_("Say which channel or category."))
    made = Request(
        wanted=wanted,
        video_upload=upload,
        candidates=candidates,
        references=references,
        channel=named if style == "channel" else None,
        category=named if style == "category" else None,
        extras=[one for one in (LATENT, ENGAGEMENT) if one in form.getlist("extras")],
    )
    for wrong in check(parts, made):
        raise FormError(str(RULES.get(wrong.rule, wrong.detail)))
    return made


def _video(parts: Parts) -> str | None:
    """The upload of a video that came with the form, as from a browser without scripts."""
    file = request.files.get("video")
    if file is None or not file.filename:
        return None
    try:
        return store_file(parts, made_by(), file.stream, begin.bounds_of(parts.config))
    except UploadError as error:
        raise FormError(str(RULES.get(error.rule, str(error)))) from None


def _pictures(field: str, config: Config) -> list[NewPicture]:
    files: Sequence[FileStorage] = [one for one in request.files.getlist(field) if one.filename]
    if len(files) > MOST_PICTURES:
        raise FormError(_("Choose at most %(count)s pictures.", count=MOST_PICTURES))
    return [NewPicture(data=file.stream.read(config.image_bytes + 1)) for file in files]
