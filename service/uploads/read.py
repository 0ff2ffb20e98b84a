"""How an upload stands, and where its file is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.parts import Parts
from service.tables import Upload
from service.uploads.adopt import now
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import Family, family_of
from service.waits import OutageError


@dataclass(frozen=True)
class UploadStatus:
    """One upload: ``state`` is waiting, stored or expired; ``size`` in bytes."""

    key: str
    state: str
    size: int
    content_type: str
    expires_at: datetime


def status_of(parts: Parts, key: str) -> UploadStatus:
    """How an upload stands. A bucket is asked whether the file is there.

    Raises:
        UploadError: there is none with this key.
        OutageError: the bucket is away.
    """
    row, is_expired = _find(parts, key)
    if is_expired:
        state = "expired"
    elif row.path or (row.landing and _has_landed(parts, row)):
        state = "stored"
    else:
        state = "waiting"
    return UploadStatus(row.key, state, row.size, row.content_type, row.expires_at)


def path_of(parts: Parts, key: str, family: Family) -> str:
    """Where the file of a stored upload lies in the image store, for whoever only looks at it.

    Raises:
        UploadError: it is unknown, waiting, expired, or of another family.
    """
    row, is_expired = _find(parts, key)
    if is_expired:
        raise UploadError(key, Rule.EXPIRED)
    if row.path is None:
        raise UploadError(key, Rule.WAITING)
    if family_of(row.content_type) != family:
        raise UploadError(key, Rule.WRONG_TYPE, family)
    return row.path


def _find(parts: Parts, key: str) -> tuple[Upload, bool]:
    """The upload, and whether it is over and nobody claimed it."""
    with parts.sessions() as session:
        row = session.scalar(select(Upload).where(Upload.key == key))
        if row is None:
            raise UploadError(key, Rule.UNKNOWN)
        is_over = row.erased_at is not None or row.expires_at <= now(session)
    return row, row.claimed_by is None and is_over


def _has_landed(parts: Parts, row: Upload) -> bool:
    try:
        return parts.images.size(row.landing or "") == row.size
    except Exception as error:  # each store has errors of its own
        raise OutageError("store", error) from error
