"""Erase files that are due: one attempt each, and a later one if the store fails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, delete, exists, func, select, true, update

from service.database import Sessions
from service.imagestore import ImageStore
from service.tables import Deletion, Erasure

MOST = 200  # files in one sweep
LEASE = timedelta(minutes=10)  # for the store to answer; then another process tries
FIRST_SECONDS, LONGEST_SECONDS = 5.0, 3600.0
LONGEST_ERROR = 500


class Leased(NamedTuple):
    """An erasure that this process holds, at its ``attempts``th attempt."""

    id: int
    key: str
    attempts: int
    deletion_id: int | None


@dataclass(frozen=True)
class Erased:
    """The number of files that were erased, and that the store could not erase."""

    gone: int
    failed: int


def erase(sessions: Sessions, store: ImageStore, ids: Collection[int]) -> Erased:
    """Try to erase the files of these rows now, if they are due and no other process holds them.

    No transaction is open while the store works. A process that dies in between leaves rows that
    are due again when the lease is over.
    """
    return _try(sessions, store, Erasure.id.in_(ids))


def erase_due(sessions: Sessions, store: ImageStore) -> Erased:
    """Erase what is due, the longest due first; called by the sweep."""
    return _try(sessions, store, true())


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, at most an hour."""
    return timedelta(seconds=min(FIRST_SECONDS * 2 ** min(attempts - 1, 20), LONGEST_SECONDS))


def _try(sessions: Sessions, store: ImageStore, which: ColumnElement[bool]) -> Erased:
    rows = _lease(sessions, which)
    if not rows:
        return Erased(0, 0)
    errors = {row.id: _erase(store, row.key) for row in rows}
    _record(sessions, rows, errors)
    failed = sum(error is not None for error in errors.values())
    return Erased(len(errors) - failed, failed)


def _lease(sessions: Sessions, which: ColumnElement[bool]) -> Sequence[Leased]:
    due = (
        select(Erasure.id)
        .where(which, Erasure.next_attempt_at <= func.clock_timestamp())
        .order_by(Erasure.next_attempt_at)
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    # Materialised: asked once, so that no more are locked than are leased.
    wanted = due.cte("due").prefix_with("MATERIALIZED")
    leased = (
        update(Erasure)
        .where(Erasure.id.in_(select(wanted.c.id)))
        .values(attempts=Erasure.attempts + 1, next_attempt_at=func.clock_timestamp() + LEASE)
        .returning(Erasure.id, Erasure.key, Erasure.attempts, Erasure.deletion_id)
    )
    with sessions.begin() as session:
        return [Leased(*row) for row in session.execute(leased)]


def _erase(store: ImageStore, key: str) -> str | None:
    """The error; None if the file is gone."""
    try:
        store.delete([key])
    except Exception as error:  # each store has errors of its own; whatever it is, try again
        structlog.get_logger().warning("not_erased", key=key, error=str(error))
        return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
    return None


def _record(
    sessions: Sessions,
    rows: Sequence[Leased],
    errors: Mapping[int, str | None],
) -> None:
    done = [row.id for row in rows if errors[row.id] is None]
    receipts = {row.deletion_id for row in rows if row.deletion_id is not None}
    with sessions.begin() as session:
        # Of two who erase a receipt's last two files, the second sees that it is complete.
        locked = select(Deletion.id).where(Deletion.id.in_(receipts)).order_by(Deletion.id)
        session.execute(locked.with_for_update())
        session.execute(delete(Erasure).where(Erasure.id.in_(done)))
        for row in rows:
            if errors[row.id] is not None:
                again = func.clock_timestamp() + wait(row.attempts)
                failed = update(Erasure).where(Erasure.id == row.id)
                session.execute(failed.values(last_error=errors[row.id], next_attempt_at=again))
        complete = update(Deletion).where(
            Deletion.id.in_(receipts),
            Deletion.erased_at.is_(None),
            ~exists().where(Erasure.deletion_id == Deletion.id),
        )
        session.execute(
            complete.values(erased_at=func.clock_timestamp()).execution_options(
                synchronize_session=False
            )
        )
