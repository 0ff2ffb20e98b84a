"""Hashtags in addresses."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import UnicodeConverter, ValidationError

from service.lexicon.changes import LONGEST


class TagConverter(UnicodeConverter):
    """A hashtag as a part of an address. A slash would begin the next part, even if it were
    written as ``%2F``, and no hashtag is told from another by it: so it is left out. What is longer
    than any hashtag of a post is not found: to understand it could take minutes."""

    def to_python(self, value: str) -> str:
        """The hashtag.

        Raises:
            ValidationError: no post can have it.
        """
        if len(value) > LONGEST:
            raise ValidationError
        return value

    def to_url(self, value: str) -> str:
        """The part of the address."""
        return super().to_url(value.replace("/", ""))


def install(app: Flask) -> None:
    """Let routes name it: ``<hashtag:tag>``. Call it before routes are added."""
    app.url_map.converters["hashtag"] = TagConverter
