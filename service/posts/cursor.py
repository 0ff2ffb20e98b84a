"""Opaque cursors: where a page of a list ended, handed back by the platform for the next one."""

from __future__ import annotations

import base64
import binascii

LARGEST = 2**63 - 1  # of PostgreSQL's bigint


class CursorError(ValueError):
    """A cursor is none that was handed out."""


def write(*numbers: int) -> str:
    """The cursor that stands for these numbers, which are greater than 0."""
    text = ":".join(["before", *map(str, numbers)])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(cursor: str, count: int) -> tuple[int, ...]:
    """The ``count`` numbers that a cursor stands for.

    Raises:
        CursorError: it cannot be read, or stands for something else.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        word, *parts = text.split(":")
        numbers = tuple(int(part) for part in parts)
    except (binascii.Error, ValueError):
        raise CursorError("cannot be read") from None
    known = word == "before" and len(numbers) == count
    if not known or not all(0 < number <= LARGEST for number in numbers):
        raise CursorError("cannot be read")
    return numbers
