"""Celery's door: ``celery -A service.worker:celery worker``, and beat."""

from __future__ import annotations

from celery import Celery

from service import outbox, screening
from service.config import Config
from service.operations.logs import configure
from service.parts import Parts, make_parts
from service.queue import SWEEP


def make_worker(parts: Parts) -> Celery:
    """The queue of ``parts`` with every task of the service in it."""
    screening.tasks.register(parts)
    outbox.tasks.register(parts)

    @parts.queue.task(name=SWEEP)
    def sweep() -> None:
        screening.sweep.requeue(parts)
        outbox.sweep.hint_due(parts)

    return parts.queue


def _from_environ() -> Celery:
    config = Config.from_environ()
    configure(config)
    return make_worker(make_parts(config))


celery = _from_environ()
