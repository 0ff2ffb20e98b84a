"""The lease on a rerun: which worker goes on with it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from service.parts import Parts
from service.tables import Rerun

LEASE = timedelta(seconds=60)


def lease(parts: Parts, number: int) -> bool:
    """Lease a running rerun, unless another worker holds it."""
    with parts.sessions.begin() as session:
        return bool(
            session.scalar(
                update(Rerun)
                .where(Rerun.id == number, Rerun.state == "running", free())
                .values(leased_until=func.now() + LEASE)
                .returning(Rerun.id)
            )
        )


def release(parts: Parts, number: int) -> None:
    """Let another worker go on at once."""
    with parts.sessions.begin() as session:
        session.execute(update(Rerun).where(Rerun.id == number).values(leased_until=None))


def free() -> ColumnElement[bool]:
    """The reruns that no worker is at."""
    return or_(Rerun.leased_until.is_(None), Rerun.leased_until <= func.now())


def hold(session: Session, rerun: Rerun) -> Rerun | None:
    """The rerun's row, locked; None where another worker went on, or it was stopped, since it was
    read."""
    query = select(Rerun).where(
        Rerun.id == rerun.id,
        Rerun.state == "running",
        Rerun.reached == rerun.reached,
        Rerun.waiting == rerun.waiting,
    )
    return session.scalar(
        query.with_for_update(skip_locked=True), execution_options={"populate_existing": True}
    )
