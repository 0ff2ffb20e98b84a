"""Rate limits on trying passwords."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TypeVar

import structlog
from flask import make_response
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError
from werkzeug.exceptions import TooManyRequests

View = Callable[[], ResponseReturnValue]
Answer = TypeVar("Answer")

REDIS_SECONDS = 2  # then the process counts for itself


class Tries:
    """Counts tries in Redis, so that all processes count together. ``name`` keeps counts apart.

    A try is counted before it is made, in one step that either takes a place or does not: any
    number at once get no more than are allowed. Without Redis each process counts for itself,
    which is better than not counting.
    """

    def __init__(self, redis_url: str, name: str) -> None:
        options = {"socket_connect_timeout": REDIS_SECONDS, "socket_timeout": REDIS_SECONDS}
        storage = storage_from_string(redis_url, **options)
        self._name = name
        self._shared = MovingWindowRateLimiter(storage)
        self._own = MovingWindowRateLimiter(MemoryStorage())

    def take(self, limit: RateLimitItem, key: str) -> float | None:
        """Count one try.

        Returns:
            None where it is allowed; else the seconds until the next one is.
        """
        return self._ask(lambda limiter: self._take(limiter, limit, key))

    def forgive(self, limit: RateLimitItem, key: str) -> None:
        """Forget the tries of a key, after a right password."""
        self._ask(lambda limiter: limiter.clear(limit, self._name, key))

    def _take(
        self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: str
    ) -> float | None:
        if limiter.hit(limit, self._name, key):
            return None
        return max(1.0, limiter.get_window_stats(limit, self._name, key).reset_time - time.time())

    def _ask(self, question: Callable[[MovingWindowRateLimiter], Answer]) -> Answer:
        try:
            return question(self._shared)
        except RedisError as error:
            structlog.get_logger().warning("tries_counted_alone", error=type(error).__name__)
            return question(self._own)


def limited(
    view: View, tries: Tries, limits: Mapping[str, str], keys: Callable[[], Mapping[str, str]]
) -> View:
    """A view that answers 429 once one of its limits is reached.

    Args:
        view: it answers 401 to a wrong password.
        tries: counts them.
        limits: by name, "10 per minute" say. The last is forgiven by a right password.
        keys: for each name, what a request is counted by.
    """
    items = {name: parse(limit) for name, limit in limits.items()}
    forgiven = list(items)[-1]

    @wraps(view)
    def watched() -> ResponseReturnValue:
        by = keys()
        for name, item in items.items():
            wait = tries.take(item, f"{name} {by[name]}")
            if wait is not None:
                raise TooManyRequests(retry_after=int(wait) + 1)
        response = make_response(view())
        if response.status_code == 303:
            tries.forgive(items[forgiven], f"{forgiven} {by[forgiven]}")
        return response

    return watched
