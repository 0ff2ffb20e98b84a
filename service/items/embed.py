"""Give vectors to items and posts: claim a few, look with no transaction open, write."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from classifiers import BundleError
from rules import RulesetError
from service import waits
from service.config import Config
from service.items.claim import claim_items, give_back
from service.items.encoders import Encoding
from service.items.gathered import of_items, of_posts
from service.items.write import write
from service.parts import Parts
from service.screen import Screen
from service.screening.gather import longest_seconds

AT_ONCE: Mapping[str, int] = {"post": 32, "item": 4}  # an item has pictures to look at
PICTURES = 10
MOST_ATTEMPTS = 5  # then an item stays without a vector
SPARE_SECONDS = 60.0
BUSY_SECONDS = 10.0  # no turn begins after that: then verdicts have the worker


@dataclass(frozen=True)
class _Turn:
    worker: uuid.UUID
    kind: str
    ids: Sequence[int]


def seconds_of_turn(config: Config) -> float:
    """How long one turn may take if each picture takes as long as it may."""
    return longest_seconds(AT_ONCE["item"] * PICTURES, config) + SPARE_SECONDS


def embed_items(parts: Parts, *_: int) -> int:
    """Give vectors to the items and posts that wait; any number of workers may.

    Returns:
        how many were looked at.
    """
    done, end = 0, time.monotonic() + BUSY_SECONDS
    for kind, most in AT_ONCE.items():
        while not done or time.monotonic() < end:
            encoding = parts.encoders.usable()
            turn = _claim(parts, kind, most) if encoding else None
            if encoding is None or turn is None or not _try(parts, encoding, turn):
                break
            done += len(turn.ids)
    return done


def _claim(parts: Parts, kind: str, most: int) -> _Turn | None:
    worker = uuid.uuid4()
    lease = timedelta(seconds=seconds_of_turn(parts.config))
    with parts.sessions.begin() as session:
        ids = claim_items(session, worker, kind, most, lease)
    return _Turn(worker, kind, ids) if ids else None


def _try(parts: Parts, encoding: Encoding, turn: _Turn) -> bool:
    try:
        _look(parts, _screen(parts), encoding, turn)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # the items stay pending, and the sweep tries them again
        outage = waits.outage_of(error)
        structlog.get_logger().exception("items_not_looked_at", items=turn.ids, exc_info=error)
        if outage is not None:
            waits.note(parts.sessions, outage)
        with parts.sessions.begin() as session:
            give_back(session, turn.worker, turn.ids, counted=outage is None)
        return False
    return True


def _screen(parts: Parts) -> Screen:
    try:
        return parts.screener.current()
    except (BundleError, RulesetError, OSError) as error:  # no item's fault
        raise waits.OutageError("model", error) from error


def _look(parts: Parts, current: Screen, encoding: Encoding, turn: _Turn) -> None:
    of = of_posts if turn.kind == "post" else of_items
    known = of(parts, current, encoding, turn.ids)
    made = encoding.vectors(list(known.contents.values()))
    vectors = dict(zip(known.contents, made, strict=True))
    with parts.sessions.begin() as session:
        write(session, turn.worker, turn.ids, known, vectors, encoding.vector_id)
