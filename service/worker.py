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
from service.config import Config, ConfigError
from service.memory import give_back
from service.operations.logs import configure
from service.parts import Parts, make_parts
from service.queue import Queue
from service.runner.private import OWNER_ONLY
from service.tasks import register_tasks


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
    register_tasks(parts)
    return parts.queue


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
