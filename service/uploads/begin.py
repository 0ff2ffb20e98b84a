"""Begin an upload: a row with an unguessable key, within limits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.config import Config
from service.erasure import owe_erasure
from service.locks import Lock, lock
from service.tables import Upload

LANDINGS = "uploads/landing"
# A body that began in time may still arrive then.
LANDING_STAYS = timedelta(hours=1)


class FullError(Exception):
    """So many uploads wait for a post that no further one may begin."""


@dataclass(frozen=True)
class Bounds:
    """What may wait for a post at once: uploads of one key of the API, and bytes in all; and how
    long."""

    uploads: int
    total_bytes: int
    lifetime: timedelta


def bounds_of(config: Config) -> Bounds:
    """By the settings."""
    return Bounds(config.uploads_waiting, config.uploads_waiting_bytes, config.upload_lifetime)


@dataclass(frozen=True)
class Begun:
    """An upload whose URL can be handed out now. ``landing``: where it is put in a bucket."""

    key: str
    size: int
    content_type: str
    expires_at: datetime
    landing: str | None


def begin(
    session: Session,
    made_by: str,
    content_type: str,
    size: int,
    bounds: Bounds,
    *,
    in_bucket: bool,
) -> Begun:
    """Add an upload, in the caller's transaction.

    Args:
        made_by: whose key of the API asks for it.
        in_bucket: it is put to the bucket itself, past us. Whatever is put there until the URL
            expires is then owed as an erasure from now on.

    Raises:
        FullError: a bound is reached.
    """
    lock(session, Lock.UPLOADS)
    ours, all_bytes = _waiting(session, made_by)
    if ours >= bounds.uploads or all_bytes + size > bounds.total_bytes:
        raise FullError
    key = uuid.uuid4().hex
    row = Upload(
        key=key,
        made_by=made_by,
        content_type=content_type,
        size=size,
        expires_at=func.clock_timestamp() + bounds.lifetime,
        landing=f"{LANDINGS}/{key}" if in_bucket else None,
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    if row.landing:
        owe_erasure(session, [row.landing], "unfinished", wait=bounds.lifetime + LANDING_STAYS)
    return Begun(key, size, content_type, row.expires_at, row.landing)


def new_path(key: str) -> str:
    """A place in the image store for the whole file, which nobody else writes to."""
    return f"uploads/{key[:2]}/{key}-{uuid.uuid4().hex}"


def _waiting(session: Session, made_by: str) -> tuple[int, int]:
    """How many of this key's uploads wait for a post, and how many bytes of everybody's."""
    counted = select(
        func.count().filter(Upload.made_by == made_by),
        func.coalesce(func.sum(Upload.size), 0),
    ).where(Upload.claimed_by.is_(None), Upload.erased_at.is_(None))
    ours, all_bytes = session.execute(counted).one()
    return int(ours), int(all_bytes)
