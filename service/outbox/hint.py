"""Queue the sending of callbacks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from celery import Celery

from service.outbox.deliver import TOGETHER
from service.queue import DELIVER, hint


def hint_deliveries(queue: Celery, ids: Sequence[uuid.UUID]) -> None:
    """Queue messages for callbacks whose transaction has committed, some in each."""
    for first in range(0, len(ids), TOGETHER):
        hint(queue, DELIVER, *(str(one) for one in ids[first : first + TOGETHER]))
