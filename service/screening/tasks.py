"""The screening task: Celery collects hints, and a batch of them is one call."""

from __future__ import annotations

from celery_batches import Batches, SimpleRequest

from service.parts import Parts
from service.queue import SCREEN
from service.screening.batch import screen


def register(parts: Parts) -> None:
    """Put the task on the queue of ``parts``."""

    @parts.queue.task(  # type: ignore[untyped-decorator]  # Celery has no types
        name=SCREEN,
        base=Batches,
        flush_every=parts.config.batch_size,
        flush_interval=parts.config.batch_wait_seconds,
    )
    def screen_posts(requests: list[SimpleRequest]) -> None:
        # A hint may come twice; the row decides whether there is anything to do.
        screen(parts, sorted({int(request.args[0]) for request in requests}))
