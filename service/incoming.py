"""Limits of what any request may contain: numbers that a row can have, and text that PostgreSQL can
store.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter, Map, ValidationError

from service.problems import Problem

LARGEST = 2**63 - 1  # of PostgreSQL's bigint
MOST_DIGITS = 19


def whole_number(text: str | None, least: int = 0, most: int = LARGEST) -> int | None:
    """The number written in a text of ASCII digits; None for any other text.

    ``str.isdigit`` also holds for digits that ``int`` cannot read (``²``), and ``int`` also reads
    signs, spaces, underscores and the digits of other scripts.
    """
    if not text or len(text) > MOST_DIGITS or not text.isascii() or not text.isdigit():
        return None
    number = int(text)
    return number if least <= number <= most else None


class RowConverter(BaseConverter):
    """A row's number in an address; a number that no row can have is not found.

    ``<int(most=99):place>`` sets a lower limit.
    """

    regex = "[0-9]+"

    def __init__(self, url_map: Map, most: int = LARGEST) -> None:
        super().__init__(url_map)
        self._most = most

    def to_python(self, value: str) -> int:
        """The number.

        Raises:
            ValidationError: no row can have it.
        """
        number = whole_number(value, most=self._most)
        if number is None:
            raise ValidationError
        return number


def install(app: Flask) -> None:
    """Refuse impossible numbers and NUL before any view runs. Call it before routes are added.

    Forms are looked at by ``refuse_forms``, once it is known who sends them.
    """
    app.url_map.converters["int"] = RowConverter

    @app.before_request
    def refuse_nul() -> None:
        # Only the query: what a body holds is checked by the model that it is read with.
        if not _has_nul(part for pair in request.args.items(multi=True) for part in pair):
            return
        detail = "The query contains the NUL character, which no text may hold."
        if request.path.startswith("/v1/"):
            raise Problem(HTTPStatus.BAD_REQUEST, "bad-query", detail)
        raise BadRequest(detail)


def refuse_forms() -> None:
    """Refuse a form that contains a NUL character, which cannot be stored.

    Raises:
        BadRequest: it has one.
    """
    if request.method == "POST" and _has_nul(p for pair in request.form.items(True) for p in pair):
        raise BadRequest("The form contains the NUL character, which no text may hold.")


def _has_nul(texts: Iterable[str]) -> bool:
    return any("\0" in text for text in texts)
