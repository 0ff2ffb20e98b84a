"""A file that is put to a URL of our own: checked while it streams into the image store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from sqlalchemy import select

from service.erasure import hurry, owe_erasure
from service.parts import Parts
from service.tables import Upload
from service.uploads.adopt import adopt, check_open
from service.uploads.begin import new_path
from service.uploads.errors import Rule, UploadError
from service.uploads.kinds import HEAD_BYTES, content_type_of, family_of
from service.uploads.ticket import Ticket
from service.waits import OutageError

PIECE_BYTES = 256 * 2**10
UNFINISHED_FOR = timedelta(hours=1)  # a store may be slow


def receive(parts: Parts, ticket: Ticket, body: IO[bytes]) -> None:
    """Store the file of an upload. No more than a piece of it is in memory, and no transaction is
    open while it is read or written. Asked again, it replaces the file, until a post names it.

    Args:
        body: the file, of ``ticket.size`` bytes.

    Raises:
        UploadError: the upload takes no file, or not this one.
        OutageError: the store failed.
    """
    with parts.sessions() as session:
        check_open(session, ticket.key)
        announced = session.scalars(select(Upload.content_type).filter_by(key=ticket.key)).one()
    head = body.read(min(HEAD_BYTES, ticket.size))
    found, family = content_type_of(head), family_of(announced)
    if found is None or family_of(found) != family:
        raise UploadError(ticket.key, Rule.WRONG_TYPE, family)
    path = new_path(ticket.key)
    with parts.sessions.begin() as session:
        owe_erasure(session, [path], "unfinished", wait=UNFINISHED_FOR)
    try:
        _store(parts, ticket, path, _pieces(ticket, head, body))
        adopt(parts.sessions, ticket.key, path, found)
    except (UploadError, OutageError):
        with parts.sessions.begin() as session:
            hurry(session, [path])
        raise


def _store(parts: Parts, ticket: Ticket, path: str, pieces: Iterator[bytes]) -> None:
    try:
        parts.images.put_pieces(path, pieces)
    except UploadError:
        raise
    except Exception as error:  # each store has errors of its own
        raise OutageError("store", error) from error


def _pieces(ticket: Ticket, head: bytes, body: IO[bytes]) -> Iterator[bytes]:
    """The whole file, and not a byte more or less than its ticket allows."""
    count = len(head)
    yield head
    while count < ticket.size and (piece := body.read(min(PIECE_BYTES, ticket.size - count))):
        count += len(piece)
        yield piece
    if count != ticket.size:
        raise UploadError(ticket.key, Rule.WRONG_LENGTH)
