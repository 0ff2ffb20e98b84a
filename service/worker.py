"""Celery's door: ``celery -A service.worker:celery worker --queues …``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, setup_logging

from classifiers import BundleError
from rules import RulesetError, prepare
from service import outbox, screening
from service.bundles.reembed import reembed
from service.config import Config, ConfigError
from service.lexicon.learn import learn_hashtags
from service.memory import give_back
from service.operations.logs import configure
from service.parts import Parts, make_parts
from service.queue import INDEX, LEARN, REEMBED, Queue
from service.runner.private import OWNER_ONLY
from service.similar.index import build_index
from service.task import Limits, add_task


def make_worker(parts: Parts) -> Celery:
    """The queue of ``parts`` with every task of the service in it."""
    screening.tasks.register(parts)
    outbox.tasks.register(parts)
    for name, body, limits in (
        (REEMBED, reembed, Limits(soft=120, hard=180)),
        (INDEX, build_index, Limits(soft=6 * 3600, hard=6 * 3600 + 60)),
        (LEARN, learn_hashtags, Limits(soft=1800, hard=1860)),
    ):
        add_task(parts.queue, name, partial(body, parts), limits)
    return parts.queue


def _from_environ() -> Celery:
    give_back()
    os.umask(OWNER_ONLY)
    try:
        config = Config.from_environ()
    except ConfigError as error:
        sys.exit(f"The worker cannot start. {error}")
    # Celery leaves logging alone where somebody answers this signal.
    setup_logging.connect(lambda **_: configure(config), weak=False)
    parts = make_parts(config, config.worker_patience)
    celeryd_init.connect(partial(_prepare, parts), weak=False)
    return make_worker(parts)


def _prepare(parts: Parts, options: Mapping[str, Any], **_: object) -> None:
    """Load what screening needs before the processes are forked, so that they share it."""
    queues = options.get("queues") or ""
    if Queue.SCREENING not in (queues.split(",") if isinstance(queues, str) else queues):
        return
    try:
        # A worker that could not screen should end at once, and say why.
        parts.screener.current()
        prepare()
    except (BundleError, RulesetError) as error:
        sys.exit(f"The worker cannot start. {error}")
    # Two processes cannot share a connection.
    parts.sessions.kw["bind"].dispose()


celery = _from_environ()
