"""Count the posts that wait for a decision, to decide whether another can be accepted."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from sqlalchemy import func, literal, select

from service.database import Sessions
from service.tables import Post

FRESH_SECONDS = 1.0


class Backlog:
    """Whether ``most`` posts wait already, counted once a second in each process.

    Counting stops there and uses the index of pending posts, so it takes milliseconds however many
    posts are stored. While one thread counts, the others use the previous answer.
    """

    def __init__(
        self, sessions: Sessions, most: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions = sessions
        self._most = most
        self._clock = clock
        self._lock = Lock()
        self._counted_at = float("-inf")
        self._is_full = False

    def is_full(self) -> bool:
        """Whether no further post should be taken now."""
        if self._clock() - self._counted_at >= FRESH_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._is_full = self._count() >= self._most
                self._counted_at = self._clock()
            finally:
                self._lock.release()
        return self._is_full

    def _count(self) -> int:
        waiting = select(literal(1)).where(Post.state == "pending").limit(self._most).subquery()
        with self._sessions() as session:
            return session.scalar(select(func.count()).select_from(waiting)) or 0
