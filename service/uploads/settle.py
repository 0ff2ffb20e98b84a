"""Check a file that was put directly into the bucket, when it is first used.

Whoever has the URL can write to its place in the bucket until the URL expires. So the file is
copied to a place of ours first, and the copy is what is checked and used.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from service.erasure import hurry, owe_erasure
from service.parts import Parts
from service.tables import Upload
from service.uploads.adopt import adopt
from service.uploads.begin import new_path
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import HEAD_BYTES, content_type_of, family_of
from service.uploads.receive import UNFINISHED_FOR
from service.waits import OutageError


def settle(parts: Parts, keys: Collection[str]) -> dict[str, UploadError]:
    """Take what was put to the bucket for these uploads. No transaction is open meanwhile.

    Uploads that have their file already, or that are none of a bucket, are left alone.

    Returns:
        what is wrong with a file, by its upload's key.

    Raises:
        OutageError: the bucket is away.
    """
    errors: dict[str, UploadError] = {}
    for upload in _unsettled(parts, keys):
        try:
            _take(parts, upload, upload.landing or "")
        except UploadError as error:
            errors[upload.key] = error
    return errors


def _unsettled(parts: Parts, keys: Collection[str]) -> Sequence[Upload]:
    found = select(Upload).where(
        Upload.key.in_(set(keys)),
        Upload.landing.is_not(None),
        Upload.path.is_(None),
        Upload.erased_at.is_(None),
    )
    if not keys:
        return []
    with parts.sessions() as session:
        return session.scalars(found.order_by(Upload.id)).all()


def _take(parts: Parts, upload: Upload, landing: str) -> None:
    path = new_path(upload.key)
    with parts.sessions.begin() as session:
        owe_erasure(session, [path], "unfinished", wait=UNFINISHED_FOR)
    try:
        adopt(parts.sessions, upload.key, path, _copied(parts, upload, landing, path))
    except (UploadError, OutageError):
        with parts.sessions.begin() as session:
            hurry(session, [path])
        raise
    with parts.sessions.begin() as session:
        owe_erasure(session, [landing], "superseded")


def _copied(parts: Parts, upload: Upload, landing: str, path: str) -> str:
    """Copy the file, and say of which type the copy is."""
    store = parts.images
    try:
        _check_size(upload, store.size(landing))  # nothing large is copied for nothing
        store.copy(landing, path)
        _check_size(upload, store.size(path))
        found = content_type_of(store.start(path, HEAD_BYTES))
    except UploadError:
        raise
    except Exception as error:  # each store has errors of its own
        raise OutageError("store", error) from error
    family = family_of(upload.content_type)
    if found is None or family_of(found) != family:
        raise UploadError(upload.key, Rule.WRONG_TYPE, family)
    return found


def _check_size(upload: Upload, size: int | None) -> None:
    if size is None:
        raise UploadError(upload.key, Rule.WAITING)
    if size != upload.size:
        raise UploadError(upload.key, Rule.WRONG_LENGTH)
