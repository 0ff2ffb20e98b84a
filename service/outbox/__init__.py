"""Callbacks: owed in the decision's transaction, sent at least once, given up after a day."""

from service.outbox import sweep, tasks
from service.outbox.enqueue import enqueue

__all__ = ["enqueue", "sweep", "tasks"]
