"""Numbers and moments of JSON bodies: what the OpenAPI document promises, and nothing else.

pydantic by itself also reads ``"5"`` and ``true`` as numbers, and ``1700000000`` as a moment.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError, PydanticKnownError

# Between date and time RFC 3339 lets a space stand for the T.
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII | re.IGNORECASE,
)


def read_moment(text: str) -> datetime:
    """The moment that a text names as RFC 3339 writes it.

    ``datetime.fromisoformat`` also reads weeks, and dates without hyphens.

    Raises:
        ValueError: it names none, or says no time zone.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError
    return datetime.fromisoformat(text.upper())


def _moment(value: Any) -> datetime:
    try:
        if isinstance(value, str):
            return read_moment(value)
    except ValueError:
        pass
    raise PydanticCustomError(
        "date_time",
        "must be a date and time as RFC 3339 writes it, with its time zone, such as "
        "2026-11-20T12:00:00Z",
    )


def _whole(value: Any) -> Any:
    """A number of JSON. ``1.0`` is whole to JSON Schema, too."""
    if type(value) not in (int, float):  # a bool is an int to Python
        raise PydanticKnownError("int_type")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Number = Annotated[float, Field(strict=True)]
WHOLE = BeforeValidator(_whole)  # stands after the bounds, which the document shows only then
