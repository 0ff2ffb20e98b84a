"""A request for thumbnails that is not wanted any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.erasure import owe_erasure
from service.tables import ThumbnailJob
from service.uploads.derived import drop_requests


@dataclass(frozen=True)
class GoneRequest:
    """How many JPEGs a request had; ``owed`` are their erasures, which the caller may try at once
    after the commit."""

    thumbnails: int
    owed: Sequence[int]


def forget_request(session: Session, key: str) -> GoneRequest | None:
    """Drop a request with all that came of it, in the caller's transaction; None: there is none.

    What a worker finds meanwhile is not written, and no callback tells of it. An upload that it
    names stays, until its own time is over.
    """
    held = select(ThumbnailJob.id).where(ThumbnailJob.key == key).with_for_update()
    row = session.scalar(held)
    if row is None:
        return None
    places = drop_requests(session, [row])
    return GoneRequest(len(places), owe_erasure(session, places, "deleted"))
