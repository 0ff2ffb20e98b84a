"""Record refusals in the audit log at a limited rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.audit.record import record
from service.database import Sessions
from service.tables import Json

ALIKE = 10  # written one by one, of those that are alike in one window
WINDOW_SECONDS = 60.0
AN_HOUR = 60  # entries for one actor, "api" and "anonymous" among them
AT_ONCE = 20  # of these, after a quiet time
HOUR_SECONDS = 3600.0
MOST_GROUPS = 1000  # held in memory; beyond, addresses are counted together
LOOK_SECONDS = 1.0  # how often all groups are looked through
LONGEST_SUBJECT = 200
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Refusal:
    """Somebody was refused something. ``address`` is where the request came from.

    ``subject`` must be one of few, a route or an account: what is alike is counted together.
    """

    actor: str
    action: str
    subject: str
    address: str


@dataclass
class _Seen:
    since: float
    count: int = 0
    unwritten: int = 0


class Refusals:
    """Writes refusals to the audit log, each in a transaction of its own.

    A refused client can retry as fast as the network allows, entries stay for ever, and each takes
    the log's lock, which moderators' commits need. So of similar refusals ten a minute are written
    singly and the others are counted. For one actor (all strangers count as one) at most
    ``AN_HOUR`` entries an hour are written, and ``AT_ONCE`` after a quiet time. A later entry
    carries the count. Each process counts for itself.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._seen: dict[Refusal, _Seen] = {}
        self._left: dict[str, tuple[float, float]] = {}  # entries for each actor, and since when
        self._next_look = 0.0
        self._lock = Lock()

    def note(self, refusal: Refusal, details: Mapping[str, str] | None = None) -> None:
        """Write a refusal, or count it. If the database is unavailable, only the process's log has
        it.
        """
        refusal = replace(refusal, subject=refusal.subject[:LONGEST_SUBJECT])
        with self._lock:
            owed = self._count(refusal)
        if not owed:
            return
        log = structlog.get_logger()
        for one, more in owed:
            log.info("refused", **vars(one), more=more)
        try:
            with self._sessions.begin() as session:
                for one, more in owed:
                    told: Json = {"address": one.address}
                    told |= {"more": more} if more else dict(details or {})
                    record(session, one.actor, one.action, one.subject, told)
        except SQLAlchemyError as error:
            log.warning("refusal_not_recorded", error=type(error).__name__)

    def _count(self, refusal: Refusal) -> list[tuple[Refusal, int]]:
        """What is to be written now: each with how many more there were of it, 0 for itself."""
        now = self._clock()
        owed = self._settle(now) if now >= self._next_look else []
        if refusal not in self._seen and len(self._seen) >= MOST_GROUPS:
            refusal = Refusal(refusal.actor, refusal.action, "", ELSEWHERE)
        seen = self._seen.setdefault(refusal, _Seen(now))
        if now - seen.since >= WINDOW_SECONDS:
            seen.since, seen.count = now, 0
        seen.count += 1
        if seen.count <= ALIKE and self._may(refusal.actor, now):
            return [*owed, (refusal, 0)]
        seen.unwritten += 1
        return owed

    def _settle(self, now: float) -> list[tuple[Refusal, int]]:
        """Drop the groups whose window is over, and return those that may be written now."""
        self._next_look = now + LOOK_SECONDS
        owed = []
        for one, seen in list(self._seen.items()):
            is_over = now - seen.since >= WINDOW_SECONDS
            if is_over and (not seen.unwritten or self._may(one.actor, now)):
                del self._seen[one]
                if seen.unwritten:
                    owed.append((one, seen.unwritten))
        return owed

    def _may(self, actor: str, now: float) -> bool:
        """Whether an entry may be written for an actor now; if so, it counts as written."""
        left, since = self._left.get(actor, (float(AT_ONCE), now))
        left = min(AT_ONCE, left + (now - since) * AN_HOUR / HOUR_SECONDS)
        self._left[actor] = (left - 1 if left >= 1 else left, now)
        return left >= 1
