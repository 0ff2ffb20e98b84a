"""A lease that is renewed for as long as its owner lives and works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.database import Sessions

PULSES = 3  # renewals within one lease, so that one which fails costs nothing


@contextmanager
def renewing(
    sessions: Sessions, lease: timedelta, renew: Callable[[Session], object]
) -> Iterator[None]:
    """Call ``renew`` three times within each ``lease``, in a transaction of its own, while the
    block runs."""
    over = threading.Event()

    def pulse() -> None:
        while not over.wait(lease.total_seconds() / PULSES):
            try:
                with sessions.begin() as session:
                    renew(session)
            except SQLAlchemyError as error:  # the database is away; the next pulse may reach it
                structlog.get_logger().warning("lease_not_renewed", error=str(error))

    pulsing = threading.Thread(target=pulse, daemon=True, name="leases")
    pulsing.start()
    try:
        yield
    finally:
        over.set()
        pulsing.join(timeout=lease.total_seconds())
