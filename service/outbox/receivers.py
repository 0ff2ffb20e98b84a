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


def admit(session: Session, origin: str, probe: timedelta) -> bool:
    """Whether a callback may be sent now. Of several that would probe a receiver, one may, and for
    as long as ``probe`` no other."""
    match circuit_of(session, origin):
        case Circuit.OPEN:
            return True
        case Circuit.HELD:
            return False
    taken = (
        update(Receiver)
        .where(Receiver.origin == origin, Receiver.failures >= PATIENCE)
        .where(func.coalesce(Receiver.held_until, func.now()) <= func.now())
        .values(held_until=func.now() + probe)
        .returning(Receiver.origin)
    )
    return session.scalar(taken) is not None


def note(session: Session, origin: str, *, answered: bool) -> None:
    """Write down whether a receiver answered."""
    if answered:
        fine = update(Receiver).where(Receiver.origin == origin, Receiver.failures > 0)
        session.execute(fine.values(failures=0, held_until=None))
        return
    failed = insert(Receiver).values(origin=origin, failures=1)
    session.execute(
        failed.on_conflict_do_update(
            index_elements=[Receiver.origin],
            set_={"failures": Receiver.failures + 1, "held_until": func.now() + HOLD},
        )
    )
