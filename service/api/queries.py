"""Query-string parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus

from flask import request

from rules import Verdict
from service.api.kinds import read_moment
from service.incoming import whole_number
from service.posts.cursor import CursorError
from service.problems import FieldError, Problem

# As programs write one: with all digits of a sum of fractions, or a small one by its exponent.
_NUMBER = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def number(name: str, default: int | None, least: int, most: int) -> int | None:
    """An integer parameter, or the default if it is missing.

    Raises:
        Problem: 400, it is no number or out of range.
    """
    text = request.args.get(name)
    if text is None:
        return default
    found = whole_number(text, least, most)
    if found is None:
        raise bad_query(name, "range", f"must be a number from {least} to {most}.")
    return found


def share(name: str) -> float:
    """A parameter from 0 to 1; 0 if it is missing.

    Raises:
        Problem: 400, it is another.
    """
    text = request.args.get(name)
    if text is None:
        return 0.0
    # ``float`` also reads underscores, signs, other scripts' digits and ``nan``.
    if not _NUMBER.fullmatch(text) or float(text) > 1:
        raise bad_query(name, "range", "must be a number from 0 to 1, such as 0.8.")
    return float(text)


def verdict() -> str:
    """The verdict parameter; ``relevant`` if it is missing.

    Raises:
        Problem: 400, there is no such verdict.
    """
    return choice("verdict", [known.value for known in Verdict]) or Verdict.RELEVANT.value


def choice(name: str, known: Sequence[str]) -> str | None:
    """A parameter with known values; None if it is missing.

    Raises:
        Problem: 400, it is another.
    """
    text = request.args.get(name)
    if text is not None and text not in known:
        raise bad_query(name, "enum", f"must be one of {', '.join(known)}.")
    return text


def words(name: str, longest: int) -> str | None:
    """A text parameter; None if it is missing.

    Raises:
        Problem: 400, it is empty or too long.
    """
    text = request.args.get(name)
    if text is not None and not 0 < len(text) <= longest:
        raise bad_query(name, "length", f"must have 1 to {longest} characters.")
    return text


def moment(name: str) -> datetime | None:
    """A moment in UTC; None if it is missing.

    Raises:
        Problem: 400, it is no date and time with a time zone.
    """
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return read_moment(text).astimezone(UTC)
    except (ValueError, OverflowError):
        detail = (
            "must be a date and time as RFC 3339 writes it, with its time zone, such as "
            "2026-11-20T12:00:00Z (in an address a + is written %2B)."
        )
        raise bad_query(name, "date_time", detail) from None


def bad_cursor(error: CursorError) -> Problem:
    """The problem of a cursor that was never handed out."""
    return bad_query("cursor", "cursor", f"{error}; leave it out to start.")


def bad_query(name: str, rule: str, detail: str) -> Problem:
    """The problem of one field of the query."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        "bad-query",
        f"The query's {name} {detail}",
        [FieldError(f"/{name}", rule, detail)],
    )
