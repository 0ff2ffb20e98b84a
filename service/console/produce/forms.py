"""An item as the form sends it."""

from __future__ import annotations

import re
import uuid

from flask import request
from flask_babel import gettext as _

from service.console.produce.frame import frame_asked, jpeg_of
from service.console.produce.words import CHOICES_OF_LANGUAGE
from service.items.put import NewItem
from service.parts import Parts
from service.posts.accept import NewImage

LONGEST_TITLE = 500  # as on the wire
LONGEST_TEXT = 20_000
MOST_TAGS = 60
LONGEST_TAG = 200
LONGEST_LINK = 4000


class FormError(Exception):
    """The form cannot be used; the text says why, in the language of the page."""


def item_sent(parts: Parts) -> tuple[NewItem, list[NewImage]]:
    """A new item with an id of its own, and its picture, if there is one.

    Raises:
        FormError: nothing is said of the item, or too much.
        OutageError: a frame of a video is asked for, and the image store is away.
    """
    form = request.form
    title, text = form.get("title", "").strip(), form.get("text", "").strip()
    tags = list(dict.fromkeys(re.findall(r"[^\s,#＃]+", form.get("tags", ""))))
    link = form.get("link", "").strip()
    images = _picture(parts)
    if not (title or text or images):
        raise FormError(_("An item needs a title, a text or a picture."))
    if len(title) > LONGEST_TITLE or len(text) > LONGEST_TEXT or len(link) > LONGEST_LINK:
        raise FormError(_("That is too long."))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise FormError(_("These are too many tags, or one is too long."))
    if link and not link.startswith(("https://", "http://")):
        raise FormError(_("A link begins with https:// or http://."))
    name = f"console-{uuid.uuid4().hex[:12]}"
    return NewItem(name, title, text, tags, link, language=_language()), images


def _language() -> str | None:
    """The language that was chosen; None: by its letters."""
    chosen = request.form.get("language", "letters")
    if chosen not in CHOICES_OF_LANGUAGE:
        raise FormError(_("Items are in Korean, in English, or for everybody."))
    return None if chosen == "letters" else chosen


def _picture(parts: Parts) -> list[NewImage]:
    """What the script uploaded before, or else what came with the form, or a frame of a video."""
    if key := request.form.get("upload"):
        return [NewImage(None, None, key)]
    file = request.files.get("picture")
    if file is None or not file.filename:
        return _frame(parts)
    most = parts.config.image_bytes
    data = file.stream.read(most + 1)
    if len(data) > most:
        told = most // 2**20
        raise FormError(_("A picture may have at most %(size)s MB.", size=told))
    return [NewImage(None, data)]


def _frame(parts: Parts) -> list[NewImage]:
    frame = frame_asked()
    if frame is None:
        return []
    data = jpeg_of(parts, frame)
    if data is None:
        raise FormError(_("The frame of the video was erased meanwhile. Choose it again."))
    return [NewImage(None, data)]
