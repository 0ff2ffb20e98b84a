"""Store a file that was sent with a form: begin an upload and fill it in one step."""

from __future__ import annotations

from typing import IO

from service.parts import Parts
from service.uploads.begin import Bounds, begin
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import HEAD_BYTES, content_type_of
from service.uploads.receive import receive
from service.uploads.ticket import Ticket


def store_file(parts: Parts, made_by: str, file: IO[bytes], bounds: Bounds) -> str:
    """Store a file that is there already, and can be read again; returns the upload's key.

    Raises:
        UploadError: it is no photograph or video that is taken, by its content.
        FullError: a bound is reached.
        OutageError: the store failed.
    """
    size = file.seek(0, 2)
    file.seek(0)
    kind = content_type_of(file.read(HEAD_BYTES))
    file.seek(0)
    if kind is None:
        raise UploadError("", Rule.WRONG_TYPE)
    with parts.sessions.begin() as session:
        begun = begin(session, made_by, kind, size, bounds, in_bucket=False)
    receive(parts, Ticket(begun.key, size), file)
    return begun.key
