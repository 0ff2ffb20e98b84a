"""The outbox's task."""

from __future__ import annotations

import uuid

from service.outbox.deliver import deliver
from service.parts import Parts
from service.queue import DELIVER


def register(parts: Parts) -> None:
    """Put the task on the queue of ``parts``."""

    @parts.queue.task(name=DELIVER)  # type: ignore[untyped-decorator]  # Celery has no types
    def deliver_one(delivery_id: str) -> None:
        deliver(parts, uuid.UUID(delivery_id))
