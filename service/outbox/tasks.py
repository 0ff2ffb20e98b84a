"""The outbox's task."""

from __future__ import annotations

import uuid

from service.outbox.deliver import deliver
from service.parts import Parts
from service.queue import DELIVER
from service.task import Limits, add_task


def register(parts: Parts) -> None:
    """Put the task on the queue of ``parts``."""

    def deliver_some(*ids: str) -> None:
        deliver(parts, *(uuid.UUID(one) for one in ids))

    # Sending ends by its own limit; these are for what that one does not see.
    soft = 2 * parts.config.callback_seconds + 10
    add_task(parts.queue, DELIVER, deliver_some, Limits(soft=soft, hard=soft + 10))
