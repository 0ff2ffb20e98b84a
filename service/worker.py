"""The entry point of Celery workers: ``celery -A service.worker:celery worker --queues …``."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, setup_logging

from classifiers import Bundle, BundleError
from rules import RulesetError, prepare
from sandbox.malloc import give_back
from service.config import ROOT, Config, ConfigError
from service.operations.logs import configure
from service.parts import Parts, make_parts
from service.queue import Queue
from service.runner.private import OWNER_ONLY
from service.tasks import register_tasks
from service.threads import calculate_alone

SEEING = frozenset({Queue.SCREENING, Queue.LOOKING})


def _from_environ() -> Celery:
    give_back()
    calculate_alone()
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
    """Load models before the processes are forked, so that they share the memory."""
    named = options.get("queues") or ""
    queues = set(named.split(",") if isinstance(named, str) else named)
    if SEEING.isdisjoint(queues):
        return
    try:
        # A worker that could see nothing should end at once, and say why.
        _check_machine(parts.screener.current().bundle)
        prepare()
    except (BundleError, RulesetError) as error:
        sys.exit(f"The worker cannot start. {error}")
    parts.encoders.usable()  # where it cannot be used, the log says so, and items wait
    # Two processes cannot share a connection.
    parts.sessions.kw["bind"].dispose()


def _check_machine(bundle: Bundle) -> None:
    """Raise BundleError if this machine computes other numbers than the bundle was measured with.

    A separate process computes them, because the threads of OpenVINO would not survive the forks.
    """
    command = [sys.executable, "-m", "classifiers", str(bundle.path.resolve())]
    done = subprocess.run(  # noqa: S603  # our own program
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        reason = done.stderr.strip() or f"status {done.returncode}"
        raise BundleError(f"The bundle {bundle.id} cannot be used on this machine: {reason}")


celery = _from_environ()
