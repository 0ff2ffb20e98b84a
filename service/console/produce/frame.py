"""A frame that was chosen of a video, as the picture of an item."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request

from service.parts import Parts
from service.thumbnails.show import stored_at
from service.uploads import opened

_NAMED = re.compile(r"([0-9a-f]{32})/([1-9][0-9]?)")


@dataclass(frozen=True)
class Frame:
    """A chosen frame: the request for thumbnails that chose it, and its place among the best."""

    key: str
    rank: int

    def __str__(self) -> str:
        return f"{self.key}/{self.rank}"


def frame_asked() -> Frame | None:
    """The frame that an address or a form names."""
    named = _NAMED.fullmatch(request.values.get("frame", ""))
    return Frame(named[1], int(named[2])) if named else None


def jpeg_of(parts: Parts, frame: Frame) -> bytes | None:
    """The frame's JPEG; None: its time is over.

    Raises:
        service.waits.OutageError: the image store is away.
    """
    with parts.sessions() as session:
        chosen = stored_at(session, frame.key, frame.rank)
    return opened.read(parts.images, chosen.stored) if chosen and chosen.stored else None
