"""Celery's queues. Messages are only hints, so a lost message delays work and loses nothing."""

from __future__ import annotations

import time
from enum import StrEnum
from weakref import WeakKeyDictionary

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from service.config import Config
from service.outages import name_of


class Queue(StrEnum):
    """The broker's queues. Each has its own workers, so a hanging task starves no other queue."""

    SCREENING = "screening"
    LOOKING = "looking"  # at pictures, where no verdict waits for it
    CALLBACKS = "callbacks"
    UPKEEP = "upkeep"


SCREEN = "tagsift.screen"  # takes the ids of posts
DELIVER = "tagsift.deliver"  # takes the ids of some deliveries
REEMBED = "tagsift.reembed"  # takes the id of what makes embeddings
INDEX = "tagsift.index"  # takes the id of what makes embeddings
RERUN = "tagsift.rerun"  # takes the id of a rerun
PLACE = "tagsift.place"  # puts posts that wait for it into campaigns
LEARN = "tagsift.learn"  # guesses what unmapped hashtags claim
VOTES = "tagsift.votes"  # learns what votes are usual for hashtags that no rule covers
EMBED = "tagsift.embed"  # gives vectors to items and posts that wait for it
THUMBNAILS = "tagsift.thumbnails"  # takes the id of a request for thumbnails

SLOW_SECONDS = 1.0  # a broker that refuses at once keeps nobody waiting
# Longer than its time-outs, so that of a process's threads one at a time waits for it.
SILENT_SECONDS = 15.0
_silent_until: WeakKeyDictionary[Celery, float] = WeakKeyDictionary()

ROUTES = {
    SCREEN: Queue.SCREENING,
    DELIVER: Queue.CALLBACKS,
    PLACE: Queue.LOOKING,
    EMBED: Queue.LOOKING,
    THUMBNAILS: Queue.LOOKING,
}


def make_queue(config: Config) -> Celery:
    """The Celery application of one process, with no task in it yet.

    Tasks are named here so that the web server can queue them without importing what they do.
    """
    queue = Celery("tagsift", broker=config.redis_url, set_as_current=False)
    queue.conf.update(
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # an outage of the broker is waited out
        broker_channel_error_retry=True,  # so is one that refuses writes, because its disk is full
        broker_transport_options={"socket_timeout": 10, "socket_connect_timeout": 5},
        task_ignore_result=True,
        # There are no results; else each thread that queues a task first reads which kinds exist.
        result_backend_thread_safe=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue=Queue.UPKEEP.value,
        task_routes={task: {"queue": name.value} for task, name in ROUTES.items()},
        # A batch can only fill if as many messages may be prefetched as it holds.
        worker_prefetch_multiplier=config.batch_size,
        worker_hijack_root_logger=False,
        timezone="UTC",
    )
    return queue


def hint(queue: Celery, task: str, *ids: int | str) -> bool:
    """Queue a task by name for a row, after its transaction has committed.

    An unreachable or refusing broker is not an error: the row is the promise, and the sweep finds
    it. One that does not answer is asked once in ``SILENT_SECONDS``; meanwhile nothing is queued,
    so that a request or a step of the sweep does not wait for it each time.

    Returns:
        whether it was queued.
    """
    began = time.monotonic()
    if _is_silent(queue, began):
        return False
    try:
        queue.send_task(task, args=ids, retry=False, ignore_result=True)
    except (OperationalError, RedisError, OSError) as error:
        structlog.get_logger().warning("hint_not_sent", task=task, ids=ids, error=name_of(error))
        now = time.monotonic()
        if now - began > SLOW_SECONDS:
            _silent_until[queue] = now + SILENT_SECONDS
        else:
            _silent_until.pop(queue, None)
        return False
    _silent_until.pop(queue, None)
    return True


def _is_silent(queue: Celery, now: float) -> bool:
    """Whether the broker of a queue did not answer just now. When it is time to ask it again, one
    caller is told so; for all others it stays silent until that one has its answer."""
    until = _silent_until.get(queue)
    if until is None or now < until:
        return until is not None
    _silent_until[queue] = now + SILENT_SECONDS
    return False
