"""A short cache of valid API keys, so that not every request asks the database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

from sqlalchemy import func, or_, select, update

from service.apikeys.store import is_usable
from service.apikeys.token import hash_of, looks_like_one
from service.database import Sessions
from service.tables import ApiKey

FRESH_SECONDS = 3.0  # a revoked key is refused after that
MOST = 1000  # remembered at once
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class _Known:
    name: str
    expires_at: datetime | None
    until: float


class KnownKeys:
    """The valid keys that a process saw lately. Threads may share it.

    Only valid keys are cached, so a new one works at once. Hashes are compared, and nobody can
    choose the first bytes of a hash, so timing does not reveal how much of a guess was right.
    """

    def __init__(self, sessions: Sessions, clock: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._lock = Lock()

    def name_of(self, token: str) -> str | None:
        """The name of a key; None if it is unknown, revoked or expired."""
        if not looks_like_one(token):
            return None
        digest = hash_of(token)
        with self._lock:
            known = self._known.get(digest)
        if known is None or self._clock() >= known.until:
            known = self._ask(digest)
        if known is None or (known.expires_at and known.expires_at <= datetime.now(UTC)):
            return None
        return known.name

    def _ask(self, digest: str) -> _Known | None:
        # Counted from before the query, so that a key that is revoked meanwhile is not cached for
        # longer.
        until = self._clock() + FRESH_SECONDS
        with self._sessions.begin() as session:
            key = session.scalar(select(ApiKey).where(ApiKey.token_hash == digest, is_usable()))
            found = _Known(key.name, key.expires_at, until) if key else None
            if key and (key.last_used_at is None or _is_long_ago(key.last_used_at)):
                # Of several processes that do this at once, one writes.
                long_ago = ApiKey.last_used_at < func.now() - USED_EVERY
                unused = or_(ApiKey.last_used_at.is_(None), long_ago)
                session.execute(
                    update(ApiKey)
                    .where(ApiKey.id == key.id, unused)
                    .values(last_used_at=func.now())
                    .execution_options(synchronize_session=False)
                )
        with self._lock:
            self._known.pop(digest, None)
            if found:
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[digest] = found
        return found


def _is_long_ago(used: datetime) -> bool:
    return datetime.now(UTC) - used > USED_EVERY
