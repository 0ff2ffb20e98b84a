"""Refusals in the audit log: each of them, but no flood."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.audit.record import record
from service.database import Sessions

ALIKE = 10  # written one by one, of those that are alike in one window
WINDOW_SECONDS = 60.0
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Refusal:
    """Somebody was refused something. ``address`` is where the request came from."""

    actor: str
    action: str
    subject: str
    address: str


@dataclass
class _Seen:
    since: float
    count: int = 0


class Refusals:
    """Writes refusals to the audit log, each in a transaction of its own.

    Whoever is refused can try as fast as the network allows, and every entry waits for the one
    before. So of those that are alike, ten a minute are written one by one, and what came beyond
    is written as a number, with the next refusal of any kind. Each process counts for itself, and
    every refusal is a line of its log.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._seen: dict[Refusal, _Seen] = {}
        self._lock = Lock()

    def note(self, refusal: Refusal) -> None:
        """Write a refusal. A database that cannot be reached leaves it to the log's line."""
        log = structlog.get_logger()
        log.info("refused", **vars(refusal))
        with self._lock:
            owed = self._count(refusal)
        if not owed:
            return
        try:
            with self._sessions.begin() as session:
                for one, more in owed:
                    details = {"address": one.address} | ({"more": more} if more else {})
                    subject = one.subject[:LONGEST_SUBJECT]
                    record(session, one.actor, one.action, subject, details)
        except SQLAlchemyError as error:
            log.warning("refusal_not_recorded", error=str(error))

    def _count(self, refusal: Refusal) -> list[tuple[Refusal, int]]:
        """What is to be written now: each with how many more there were of it, 0 for itself."""
        now = self._clock()
        over = [one for one, seen in self._seen.items() if now - seen.since >= WINDOW_SECONDS]
        counts = [(one, self._seen.pop(one).count - ALIKE) for one in over]
        owed = [(one, more) for one, more in counts if more > 0]
        seen = self._seen.setdefault(refusal, _Seen(now))
        seen.count += 1
        return [*owed, (refusal, 0)] if seen.count <= ALIKE else owed
