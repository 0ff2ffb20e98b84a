"""Outages that screening waits for, shown in the console and by the probes.

Screening waits until an outage of the store, the database or the disk is over. Posts are given back
unchanged, no decision follows from the outage, and no failure is counted for them.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sandbox import StartError
from service.database import Sessions
from service.outages import is_outage
from service.tables import Outage

# While posts wait, the outage is met again every few seconds. One that is not is over.
SEEN_WITHIN = timedelta(minutes=2)
LONGEST_MESSAGE = 300

_OF_THE_DISK = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
    errno.EROFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.EAGAIN,
}


class OutageError(Exception):
    """A part of the service cannot be used: ``part`` is store, database, disk or model."""

    def __init__(self, part: str, cause: BaseException) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}"[:LONGEST_MESSAGE])
        self.part = part


def outage_of(error: BaseException) -> OutageError | None:
    """The outage behind an error; None if the error is about the post itself."""
    if isinstance(error, OutageError):
        return error
    if isinstance(error, SQLAlchemyError) and is_outage(error):
        return OutageError("database", _without_statement(error))
    if isinstance(error, StartError):  # no process to decode in: the machine is short of something
        return OutageError("model", error)
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        return OutageError("disk", error)
    return None


def note(sessions: Sessions, outage: OutageError) -> None:
    """Record an outage. If the database is unavailable, only the log has it."""
    structlog.get_logger().error("screening_waits", part=outage.part, error=str(outage))
    row = insert(Outage).values(part=outage.part, message=str(outage))
    seen = {
        "message": row.excluded.message,
        "seen_at": func.clock_timestamp(),
        # One that was not seen for long was over: this is another.
        "since": func.coalesce(
            select(Outage.since).where(Outage.part == outage.part, _is_current()).scalar_subquery(),
            func.clock_timestamp(),
        ),
    }
    try:
        with sessions.begin() as session:
            session.execute(row.on_conflict_do_update(index_elements=[Outage.part], set_=seen))
    except SQLAlchemyError as error:
        structlog.get_logger().error("outage_not_noted", part=outage.part, error=str(error))


def end(session: Session) -> None:
    """Record that no outage lasts: deciding a post has just used every part."""
    session.execute(delete(Outage))


def current(session: Session) -> Sequence[Outage]:
    """The current outages, the longest first."""
    return session.scalars(select(Outage).where(_is_current()).order_by(Outage.since)).all()


def _is_current() -> ColumnElement[bool]:
    return Outage.seen_at > func.clock_timestamp() - SEEN_WITHIN


def _without_statement(error: BaseException) -> BaseException:
    """What the driver said, without the statement and its parameters: they hold what was sent."""
    return getattr(error, "orig", None) or error
