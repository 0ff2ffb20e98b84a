"""The screening task: Celery collects hints, and a batch of them is one call."""

from __future__ import annotations

from functools import partial

from service.parts import Parts
from service.queue import SCREEN
from service.screening.batch import TURN_SECONDS, screen
from service.screening.decide import READ_SECONDS
from service.screening.filmed import longest_video_seconds
from service.screening.gather import longest_seconds, rounds
from service.task import Limits, add_batch_task

POST_IMAGES = 10  # the most that one post has
WRITE_SECONDS = 60.0


def register(parts: Parts) -> None:
    """Put the task on the queue of ``parts``."""
    config = parts.config
    gathering = longest_seconds(config.batch_size * POST_IMAGES, config)
    # Posts of one batch are decided apart: those without photographs, then after each round.
    apart = 1 + len(list(rounds(gathering)))
    longest = gathering + TURN_SECONDS
    longest += TURN_SECONDS + longest_video_seconds(config)
    soft = longest + WRITE_SECONDS + apart * READ_SECONDS
    add_batch_task(
        parts.queue,
        SCREEN,
        partial(screen, parts),
        Limits(soft, soft + 30),
        size=config.batch_size,
        wait_seconds=config.batch_wait_seconds,
    )
