"""Celery: the broker carries hints only, so a lost message is a delay and never a loss."""

from __future__ import annotations

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

from service.config import Config

SCREEN = "tagsift.screen"  # takes the ids of posts
DELIVER = "tagsift.deliver"  # takes the id of a delivery
SWEEP = "tagsift.sweep"  # queues again what waits too long
REEMBED = "tagsift.reembed"  # takes the id of what makes embeddings
INDEX = "tagsift.index"  # takes the id of what makes embeddings
LEARN = "tagsift.learn"  # guesses what unmapped hashtags claim

SWEEP_SECONDS = 5.0
LEARN_SECONDS = 24 * 3600.0


def make_queue(config: Config) -> Celery:
    """The Celery application of one process, with no task in it yet.

    Tasks are named here so that the web server can queue them without importing what they do.
    """
    queue = Celery("tagsift", broker=config.redis_url, set_as_current=False)
    queue.conf.update(
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_timeout": 10, "socket_connect_timeout": 5},
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue="tagsift",
        task_routes={SCREEN: {"queue": "screening"}},
        # A batch can only fill if as many messages may be prefetched as it holds.
        worker_prefetch_multiplier=config.batch_size,
        worker_hijack_root_logger=False,
        timezone="UTC",
        beat_schedule={
            "sweep": {
                "task": SWEEP,
                "schedule": SWEEP_SECONDS,
                "options": {"expires": SWEEP_SECONDS},
            },
            "learn": {"task": LEARN, "schedule": LEARN_SECONDS},
        },
    )
    return queue


def hint(queue: Celery, task: str, row_id: int | str) -> None:
    """Queue a task by name for one row, after its transaction has committed.

    A broker that cannot be reached is no error: the row is the promise, and the sweep finds it.
    """
    try:
        queue.send_task(task, args=[row_id], retry=False, ignore_result=True)
    except (OperationalError, OSError):
        structlog.get_logger().warning("hint_not_sent", task=task, row=row_id)
