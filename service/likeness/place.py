"""The opaque cursor of a page of similar posts."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from dataclasses import dataclass

from service.posts.cursor import LARGEST, CursorError

_FORM = struct.Struct(">4sdq")
_MARK = b"like"


@dataclass(frozen=True, order=True)
class Place:
    """A position in the order of likeness: a cosine distance, then the post's row."""

    distance: float
    row: int


def write(place: Place) -> str:
    """The cursor that stands for a place, to the last bit of its distance."""
    packed = _FORM.pack(_MARK, place.distance, place.row)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(cursor: str) -> Place:
    """The place that a cursor stands for.

    Raises:
        CursorError: it cannot be read, or stands for something else.
    """
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, distance, row = _FORM.unpack(packed)
    except (binascii.Error, struct.error, ValueError):
        raise CursorError("cannot be read") from None
    if mark != _MARK or not math.isfinite(distance) or not 0 <= row <= LARGEST:
        raise CursorError("cannot be read")
    return Place(distance, row)
