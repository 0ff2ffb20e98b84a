"""Query-string parameters."""

from __future__ import annotations

from http import HTTPStatus

from flask import request

from rules import Verdict
from service.incoming import whole_number
from service.problems import FieldError, Problem


def number(name: str, default: int | None, least: int, most: int) -> int | None:
    """A whole number of the query, or the default where it is not given.

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


def verdict() -> str:
    """The verdict asked for; relevant where none is named.

    Raises:
        Problem: 400, there is no such verdict.
    """
    text = request.args.get("verdict", Verdict.RELEVANT.value)
    try:
        return Verdict(text).value
    except ValueError:
        names = ", ".join(known.value for known in Verdict)
        raise bad_query("verdict", "enum", f"must be one of {names}.") from None


def bad_query(name: str, rule: str, detail: str) -> Problem:
    """The problem of one field of the query."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        "bad-query",
        f"The query's {name} {detail}",
        [FieldError(f"/{name}", rule, detail)],
    )
