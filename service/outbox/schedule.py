"""When a callback that failed is tried again."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 3600.0
LONGEST_ASKED_SECONDS = 6 * 3600.0


def wait(attempts: int, asked_seconds: float | None = None) -> timedelta:
    """How long to wait after so many attempts.

    Exponential back-off with full jitter (Brooker, 2015, Exponential Backoff And Jitter), from 5
    seconds to an hour. A receiver that asks for a time (Retry-After) gets at least that, within
    six hours.
    """
    ceiling = min(FIRST_SECONDS * 2 ** min(attempts, 20), LONGEST_SECONDS)
    jittered = random.uniform(ceiling / 2, ceiling)  # noqa: S311  # spreads load, hides nothing
    asked = min(asked_seconds or 0.0, LONGEST_ASKED_SECONDS)
    return timedelta(seconds=max(jittered, asked))
