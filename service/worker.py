"""Celery's door: ``celery -A service.worker:celery worker``, and beat."""

from __future__ import annotations

import sys
from datetime import timedelta

from celery import Celery
from celery.signals import setup_logging, worker_init

from classifiers import BundleError
from rules import RulesetError, prepare
from service import outbox, screening
from service.bundles.reembed import hint_unfinished, reembed
from service.config import Config, ConfigError
from service.erasure import erase_due
from service.lexicon.learn import learn_hashtags
from service.memory import give_back
from service.operations.logs import configure
from service.parts import Parts, make_parts
from service.queue import INDEX, LEARN, REEMBED, SWEEP
from service.similar.index import build_index, hint_missing

DRAFT_AGE = timedelta(hours=1)  # no photograph takes as long to be written


def make_worker(parts: Parts) -> Celery:
    """The queue of ``parts`` with every task of the service in it."""
    screening.tasks.register(parts)
    outbox.tasks.register(parts)

    @parts.queue.task(name=SWEEP)  # type: ignore[untyped-decorator]  # Celery has no types
    def sweep() -> None:
        screening.sweep.requeue(parts)
        outbox.sweep.hint_due(parts)
        erase_due(parts.sessions, parts.images)
        parts.images.delete_drafts(DRAFT_AGE)
        hint_unfinished(parts)
        hint_missing(parts)

    @parts.queue.task(name=REEMBED)  # type: ignore[untyped-decorator]  # Celery has no types
    def follow(made_by: str) -> None:
        reembed(parts, made_by)

    @parts.queue.task(name=INDEX)  # type: ignore[untyped-decorator]  # Celery has no types
    def index(made_by: str) -> None:
        build_index(parts, made_by)

    @parts.queue.task(name=LEARN)  # type: ignore[untyped-decorator]  # Celery has no types
    def learn() -> None:
        learn_hashtags(parts)

    return parts.queue


def _from_environ() -> Celery:
    give_back()
    try:
        config = Config.from_environ()
        # Celery leaves logging alone where somebody answers this signal.
        setup_logging.connect(lambda **_: configure(config), weak=False)
        parts = make_parts(config)
        # A worker that could not screen should end at once, and say why.
        parts.screener.current()
        # A worker's processes are forked from it: they share what it has loaded before. Two of them
        # cannot share a connection, though.
        worker_init.connect(lambda **_: prepare(), weak=False)
        parts.sessions.kw["bind"].dispose()
    except (ConfigError, BundleError, RulesetError) as error:
        sys.exit(f"The worker cannot start. {error}")
    return make_worker(parts)


celery = _from_environ()
