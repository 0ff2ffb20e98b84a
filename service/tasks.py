"""Every Celery task of the service, with its limits."""

from __future__ import annotations

from functools import partial

from service import outbox, screening
from service.bundles.reembed import reembed
from service.campaigns.place import place_waiting
from service.items.embed import embed_items, seconds_of_turn
from service.lexicon.learn import learn_hashtags
from service.likeness.index import build_index
from service.parts import Parts
from service.queue import EMBED, INDEX, LEARN, PLACE, REEMBED, RERUN, THUMBNAILS, VOTES
from service.reruns import work
from service.task import Limits, add_task
from service.thumbnails.make import make_thumbnails, seconds_of_job
from service.votes.learn import learn_votes


def register_tasks(parts: Parts) -> None:
    """Put every task on the queue of ``parts``."""
    screening.tasks.register(parts)
    outbox.tasks.register(parts)
    for name, body, limits in (
        (REEMBED, reembed, Limits(soft=120, hard=180)),
        (RERUN, work.go_on, Limits(soft=120, hard=180)),
        (INDEX, build_index, Limits(soft=6 * 3600, hard=6 * 3600 + 60)),
        (PLACE, place_waiting, Limits(soft=120, hard=150)),
        (
            EMBED,
            embed_items,
            Limits(soft=seconds_of_turn(parts.config), hard=seconds_of_turn(parts.config) + 30),
        ),
        (
            THUMBNAILS,
            make_thumbnails,
            Limits(soft=seconds_of_job(parts.config), hard=seconds_of_job(parts.config) + 30),
        ),
        (LEARN, learn_hashtags, Limits(soft=1800, hard=1860)),
        (VOTES, learn_votes, Limits(soft=1800, hard=1860)),
    ):
        add_task(parts.queue, name, partial(body, parts), limits)
