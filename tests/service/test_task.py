"""Around each task: it is counted, measured, named in the log, limited, and goes to its queue."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.contextvars import get_contextvars

from service.config import Config
from service.parts import Parts
from service.queue import (
    DELIVER,
    EMBED,
    INDEX,
    LEARN,
    PLACE,
    REEMBED,
    RERUN,
    SCREEN,
    THUMBNAILS,
    VOTES,
    Queue,
    hint,
    make_queue,
)
from service.task import Limits, ServiceTask, add_task
from service.tasks import register_tasks

LIMITS = Limits(soft=5, hard=6)


def counted(task: str, result: str) -> float:
    return REGISTRY.get_sample_value("tagsift_tasks_total", {"task": task, "result": result}) or 0


def test_a_task_is_counted_and_named_in_its_log_lines(config: Config) -> None:
    queue, seen = make_queue(config), []
    add_task(queue, "test.works", lambda *ids: seen.append((ids, get_contextvars())), LIMITS)
    queue.tasks["test.works"].apply(args=[7, "x"], task_id="t-1")
    [(ids, context)] = seen
    assert ids == (7, "x")
    assert context == {"task": "test.works", "task_id": "t-1", "works_on": [7, "x"]}
    assert (counted("test.works", "started"), counted("test.works", "succeeded")) == (1, 1)
    assert get_contextvars() == {}


def test_a_task_that_fails_is_counted_as_failed(config: Config) -> None:
    queue = make_queue(config)

    def fail(*_: Any) -> None:
        raise RuntimeError("no")

    add_task(queue, "test.fails", fail, LIMITS)
    assert queue.tasks["test.fails"].apply(args=[1]).failed()
    assert (counted("test.fails", "failed"), counted("test.fails", "succeeded")) == (1, 0)


@pytest.fixture(scope="module")
def tasks(config: Config, parts: Parts) -> dict[str, ServiceTask]:
    queue = make_queue(config)
    register_tasks(Parts(**(vars(parts) | {"queue": queue})))
    return {name: task for name, task in queue.tasks.items() if name.startswith("tagsift.")}


def test_every_task_has_the_base_and_limits(tasks: dict[str, ServiceTask]) -> None:
    assert set(tasks) == {
        SCREEN,
        DELIVER,
        EMBED,
        REEMBED,
        INDEX,
        LEARN,
        PLACE,
        RERUN,
        THUMBNAILS,
        VOTES,
    }
    for task in tasks.values():
        assert isinstance(task, ServiceTask)
        assert 0 < task.soft_time_limit < task.time_limit


def test_hints_of_one_kind_do_not_stand_in_the_queue_of_another(parts: Parts) -> None:
    for task in (SCREEN, PLACE, EMBED, THUMBNAILS, DELIVER, REEMBED, INDEX, LEARN):
        hint(parts.queue, task, "1")
    lengths = {queue: parts.redis.llen(queue) for queue in Queue}
    assert lengths == {
        Queue.SCREENING: 1,
        Queue.LOOKING: 3,
        Queue.CALLBACKS: 1,
        Queue.UPKEEP: 3,
    }
