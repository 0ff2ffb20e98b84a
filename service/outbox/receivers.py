"""A receiver that does not answer is held back, and asked now and then whether it is there again.

The circuit breaker of Nygard's "Release It!" (2nd edition, 2018, section 5.2), kept in the
database: all processes share it, and one clock says when the next probe is due.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.tables import Receiver

PATIENCE = 5  # failures in a row after which a receiver is held back
HOLD = timedelta(seconds=15)  # how long, until one callback probes it


class Circuit(Enum):
    """What may be sent to a receiver now: everything, one callback as a probe, or nothing."""

    OPEN = "open"
    PROBE = "probe"
    HELD = "held"


def circuit_of(session: Session, origin: str) -> Circuit:
    """How a receiver stands now."""
    query = select(Receiver.failures, Receiver.held_until > func.now())
    row = session.execute(query.where(Receiver.origin == origin)).first()
    if row is None or row[0] < PATIENCE:
        return Circuit.OPEN
    return Circuit.HELD if row[1] else Circuit.PROBE


def admit(session: Session, origin: str, probe: timedelta, wanted: int = 1) -> int:
    """How many of so many callbacks may be sent now. Of several that would probe a receiver, one
    may, and for as long as ``probe`` no other."""
    match circuit_of(session, origin):
        case Circuit.OPEN:
            return wanted
        case Circuit.HELD:
            return 0
    taken = (
        update(Receiver)
        .where(Receiver.origin == origin, Receiver.failures >= PATIENCE)
        .where(func.coalesce(Receiver.held_until, func.now()) <= func.now())
        .values(held_until=func.now() + probe)
        .returning(Receiver.origin)
    )
    return min(wanted, len(session.scalars(taken).all()))


def note(session: Session, origin: str, *, answered: bool, failures: int = 1) -> None:
    """Write down whether a receiver answered any of the callbacks that were sent side by side.

    Args:
        failures: how many it did not answer, where it answered none.
    """
    if answered:
        fine = update(Receiver).where(Receiver.origin == origin, Receiver.failures > 0)
        session.execute(fine.values(failures=0, held_until=None))
        return
    held_until = func.now() + HOLD
    failed = insert(Receiver).values(origin=origin, failures=failures, held_until=held_until)
    more = {"failures": Receiver.failures + failures, "held_until": held_until}
    session.execute(failed.on_conflict_do_update(index_elements=[Receiver.origin], set_=more))
