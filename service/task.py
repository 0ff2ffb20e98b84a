"""What every Celery task does around its own work: count, measure, log, limit time."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from celery import Celery, Task
from celery_batches import Batches, SimpleRequest
from celery_batches.trace import apply_batches_task
from structlog.contextvars import bound_contextvars

from service.operations.metrics import TASK_SECONDS, TASKS


@dataclass(frozen=True)
class Limits:
    """Time limits of a task in seconds: after ``soft``, SoftTimeLimitExceeded is raised in it;
    after ``hard``, its process is killed and replaced.
    """

    soft: float
    hard: float


class ServiceTask(Task):  # type: ignore[misc]  # Celery has no types
    """The base of all tasks. It opens no transaction: a body opens its own, as briefly as it can.

    Each log line of a body carries the task's name and id, and the ids that it works on.
    """

    abstract = True

    def __call__(self, *args: Any) -> None:
        """Run the body once."""
        TASKS.labels(self.name, "started").inc()
        began = time.perf_counter()
        result = "failed"
        with bound_contextvars(
            task=self.name, task_id=self.request.id or uuid4().hex, works_on=self.works_on(*args)
        ):
            try:
                self.run(*args)
                result = "succeeded"
            finally:
                TASKS.labels(self.name, result).inc()
                TASK_SECONDS.labels(self.name).observe(time.perf_counter() - began)

    def works_on(self, *args: Any) -> list[Any]:
        """The ids of what one call works on."""
        return list(args)


class BatchTask(Batches, ServiceTask):  # type: ignore[misc]  # Celery has no types
    """A task that collects messages: its body takes the ids of a whole batch."""

    abstract = True

    def works_on(self, *args: Any) -> list[Any]:
        """Each message carries one id. The same id may come twice."""
        requests: list[SimpleRequest] = args[0]
        return sorted({request.args[0] for request in requests})

    def flush(self, requests: Collection[Any]) -> Any:
        """Hand a batch to the pool as celery-batches does, but with the task's time limits, which
        it leaves out."""

        def acknowledge(_pid: int, _accepted: float) -> None:
            for request in requests:
                request.acknowledge()

        return self._pool.apply_async(
            apply_batches_task,
            (self, ([SimpleRequest.from_request(request) for request in requests],), 0, None),
            accept_callback=acknowledge,
            soft_timeout=self.soft_time_limit,
            timeout=self.time_limit,
        )


def add_task(queue: Celery, name: str, body: Callable[..., object], limits: Limits) -> None:
    """Put a task on a queue. Its body takes ids."""

    def run(*ids: Any) -> None:
        body(*ids)

    queue.task(name=name, base=ServiceTask, soft_time_limit=limits.soft, time_limit=limits.hard)(
        run
    )


def add_batch_task(
    queue: Celery,
    name: str,
    body: Callable[[list[int]], object],
    limits: Limits,
    *,
    size: int,
    wait_seconds: float,
) -> None:
    """Put a task on a queue whose body takes the row ids of up to ``size`` messages at once."""

    def run(requests: list[SimpleRequest]) -> None:
        body(sorted({int(request.args[0]) for request in requests}))

    queue.task(
        name=name,
        base=BatchTask,
        soft_time_limit=limits.soft,
        time_limit=limits.hard,
        flush_every=size,
        flush_interval=wait_seconds,
    )(run)
