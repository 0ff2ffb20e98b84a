"""Make a complete, checked file the file of its upload."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.database import Sessions
from service.erasure import call_off, owe_erasure
from service.tables import Upload
from service.uploads.errors import Rule, UploadError
from service.waits import OutageError


def check_open(session: Session, key: str) -> None:
    """Check that an upload accepts a file.

    Raises:
        UploadError: it is unknown, expired, or a post has named it.
    """
    _check(key, session.scalar(select(Upload).where(Upload.key == key)), session)


def adopt(sessions: Sessions, key: str, path: str, content_type: str) -> None:
    """Let a file of the image store be the upload's; its erasure is owed as unfinished.

    Of several that were put at once one is the upload's in the end, and it is whole; the others
    are owed as erasures.

    Raises:
        UploadError: the upload takes none any more; the file stays owed.
        OutageError: it took so long that its erasure has begun.
    """
    with sessions.begin() as session:
        row = session.scalar(select(Upload).where(Upload.key == key).with_for_update())
        row = _check(key, row, session)
        replaced = row.path
        row.path, row.content_type, row.stored_at = path, content_type, func.clock_timestamp()
        session.flush()
        if replaced:
            owe_erasure(session, [replaced], "superseded")
        if not call_off(session, [path]):
            raise OutageError("store", TimeoutError("The file took too long."))


def _check(key: str, row: Upload | None, session: Session) -> Upload:
    if row is None:
        raise UploadError(key, Rule.UNKNOWN)
    if row.claimed_by is not None:
        raise UploadError(key, Rule.CLAIMED)
    if row.erased_at is not None or row.expires_at <= now(session):
        raise UploadError(key, Rule.EXPIRED)
    return row


def now(session: Session) -> datetime:
    """The moment, on the database's clock."""
    moment: datetime = session.scalars(select(func.clock_timestamp())).one()
    return moment
