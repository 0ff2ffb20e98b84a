"""The screening task: Celery collects hints, and a batch of them is one call."""

from __future__ import annotations

from functools import partial

from service.parts import Parts
from service.queue import SCREEN
from service.screening.batch import screen
from service.task import Limits, add_batch_task

LIMITS = Limits(soft=300, hard=330)


def register(parts: Parts) -> None:
    """Put the task on the queue of ``parts``."""
    add_batch_task(
        parts.queue,
        SCREEN,
        partial(screen, parts),
        LIMITS,
        size=parts.config.batch_size,
        wait_seconds=parts.config.batch_wait_seconds,
    )
