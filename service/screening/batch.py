"""One batch: claim its posts, work on them with no transaction open, write what was decided."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from functools import partial

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from classifiers import BundleError
from rules import RulesetError
from service import waits
from service.operations.metrics import BATCH_SIZE, SCREENING_FAILURES
from service.parts import Parts
from service.queue import SCREEN, hint
from service.screening.claim import (
    Claim,
    alive,
    claim_fresh,
    claim_one,
    claim_waiting,
    free,
    load,
    may_wait,
    next_waiting,
    release,
)
from service.screening.decide import Batch, decide
from service.screening.filmed import SlowError, film
from service.screening.gather import SOON_SECONDS, Gathered, Source, gather
from service.screening.pictures import look_pixels
from service.screening.sent import sent_bytes
from service.tables import Image, Post, Video

TURN_SECONDS = 120.0  # then no other post is begun; the sweep queues those that are left
RELEASE_SECONDS = 120.0
REST = timedelta(minutes=1)  # for a post that was given back because its servers are slow
PATIENT_ROUNDS = 1  # of ``gather``, after which photographs that have not come are slow
PATIENT_SECONDS = 3 * SOON_SECONDS  # the same for a video: as long as these rounds take


def screen(parts: Parts, ids: Sequence[int]) -> None:
    """Decide posts. Those that are decided, superseded, deleted or somebody else's are left alone.

    Posts that never failed are worked on together, and others that wait with them, up to a whole
    batch: hints come in ones and twos while workers are busy, and a slow photograph would then hold
    a worker for one or two posts. One that failed before is claimed and tried
    alone, so it cannot sink others, and an attempt is counted for nobody else.
    """
    end = time.monotonic() + TURN_SECONDS
    claim = Claim(timedelta(seconds=parts.config.claim_seconds))
    try:
        with alive(parts.sessions, claim):
            with parts.sessions.begin() as session:
                together = claim_fresh(session, claim, ids)
                room = parts.config.batch_size - len(together)
                if together and room > 0:
                    together += claim_waiting(session, claim, room)
            _work(parts, claim, together)
            for post_id in _left(parts, set(ids) - set(together)):
                if time.monotonic() > end:
                    return
                _work_alone(parts, claim, post_id)
    except Exception as error:  # the posts stay pending, and the sweep tries them again
        outage = waits.outage_of(error)
        if outage is None:
            raise
        waits.note(parts.sessions, outage)


def _left(parts: Parts, ids: Collection[int]) -> Sequence[int]:
    """The posts that failed before; mostly there are none, and the database is not asked."""
    if not ids:
        return ()
    with parts.sessions() as session:
        return free(session, ids)


def _work_alone(parts: Parts, claim: Claim, post_id: int) -> None:
    with parts.sessions.begin() as session:
        is_ours = claim_one(session, claim, post_id)
    if is_ours:
        _work(parts, claim, [post_id])


def _work(parts: Parts, claim: Claim, ids: Sequence[int]) -> None:
    """Decide claimed posts; whatever goes wrong, none of them stays claimed."""
    if not ids:
        return
    BATCH_SIZE.observe(len(ids))
    try:
        _decide_as_they_come(parts, claim, ids)
    except SoftTimeLimitExceeded as error:
        _fail(parts, claim, ids, error)
        raise
    except Exception as error:
        outage = waits.outage_of(error)
        if outage is not None:
            _wait_out(parts, claim, ids, outage)
        elif len(ids) == 1:
            _fail(parts, claim, ids, error)
        else:
            _separate(parts, claim, ids, error)


def _decide_as_they_come(parts: Parts, claim: Claim, ids: Sequence[int]) -> None:
    """A post is decided as soon as all of its photographs are there."""
    try:
        current = parts.screener.current()
    except (BundleError, RulesetError, OSError) as error:  # no post's fault
        raise waits.OutageError("model", error) from error
    with parts.sessions() as session:
        waiting = list(load(session, claim, ids))
    batch = Batch(parts, claim, current)
    found: dict[int, Gathered] = {}
    sources = _in_turn(
        [
            image
            for post in waiting
            if post.attempts < parts.config.screening_attempts
            for image in post.images
        ]
    )
    with_videos = [post for post in waiting if _videos(parts, post)]
    waiting = [post for post in waiting if post not in with_videos]
    decide(batch, [post for post in waiting if not _photographs(parts, post)], found)
    waiting = [post for post in waiting if _photographs(parts, post)]
    read, looked_at = partial(sent_bytes, parts, Image), look_pixels(current.bundle)
    number = 0
    for number, more in enumerate(gather(sources, read, parts.config, looked_at)):
        found.update(more)
        ready = [post for post in waiting if found.keys() >= set(_photographs(parts, post))]
        waiting = [post for post in waiting if post not in ready]
        decide(batch, ready, found)
        late = [
            post
            for post in (*waiting, *with_videos)
            if not found.keys() >= set(_photographs(parts, post))
        ]
        if number >= PATIENT_ROUNDS and late and not _may_wait(batch):
            _give_back(batch, late, REST)
            with_videos = [post for post in with_videos if post not in late]
            break
    has_filmed = _decide_with_videos(batch, with_videos, found)
    if has_filmed or number > PATIENT_ROUNDS:
        _call_next(parts)


def _in_turn(images: Sequence[Image]) -> list[Source]:
    """What was sent is there at once. Of what is to be fetched, the first photograph of each post
    comes before the second of any: ten that no server answers for keep no other post waiting."""
    turns = sorted(images, key=lambda image: (image.source_url is not None, image.position))
    return [Source(image.id, image.source_url) for image in turns]


def _decide_with_videos(batch: Batch, posts: Sequence[Post], found: Mapping[int, Gathered]) -> bool:
    """One post after the other, since a video takes long. Those for which no time is left are given
    back. So is one whose server is slow, while another worker waits for such; and after it all that
    are to be fetched.

    Returns:
        whether any was decided.
    """
    end, has_met_slow, has_decided = time.monotonic() + TURN_SECONDS, False, False
    for number, post in enumerate(posts):
        if time.monotonic() > end:
            _give_back(batch, posts[number:])
            break
        is_fetched = any(video.source_url for video in post.videos)
        patience = None if not is_fetched or _may_wait(batch) else PATIENT_SECONDS
        if patience is not None and has_met_slow:
            _give_back(batch, [post], REST)
            continue
        try:
            filmed = {
                one.id: film(batch.parts, one, batch.current.bundle, patience)
                for one in post.videos
            }
        except SlowError:
            _give_back(batch, [post], REST)
            has_met_slow = True
            continue
        decide(batch, [post], found, filmed)
        has_decided = True
    return has_decided


def _call_next(parts: Parts) -> None:
    """Queue a post that waits, with which others come. While this worker waited, another may have
    taken their hints and given them back."""
    with parts.sessions() as session:
        post_id = next_waiting(session)
    if post_id is not None:
        hint(parts.queue, SCREEN, post_id)


def _may_wait(batch: Batch) -> bool:
    """Whether this process waits for what is slow: one of all processes does not."""
    with batch.parts.sessions() as session:
        most = max(1, batch.parts.config.screening_processes - 1)
        return may_wait(session, batch.claim, most)


def _give_back(batch: Batch, posts: Sequence[Post], rest: timedelta = timedelta(0)) -> None:
    """Give posts back as they were; the sweep queues them, after a rest."""
    with batch.parts.sessions.begin() as session:
        release(session, batch.claim, [post.id for post in posts], rest=rest)


def _videos(parts: Parts, post: Post) -> list[Video]:
    """What is to be looked at, as with photographs."""
    return [] if post.attempts >= parts.config.screening_attempts else list(post.videos)


def _photographs(parts: Parts, post: Post) -> list[int]:
    """What is to be looked at: nothing any more of a post that failed too often."""
    if post.attempts >= parts.config.screening_attempts:
        return []
    return [image.id for image in post.images]


def _separate(parts: Parts, claim: Claim, ids: Sequence[int], error: Exception) -> None:
    """Something is wrong with one of several posts: find it by trying each alone. They are given
    back first, so that a process that dies at one is not held against the others."""
    SCREENING_FAILURES.inc()
    structlog.get_logger().exception("batch_failed", posts=ids, exc_info=error)
    with parts.sessions.begin() as session:
        release(session, claim, ids)
    for post_id in ids:
        _work_alone(parts, claim, post_id)


def _fail(parts: Parts, claim: Claim, ids: Collection[int], error: BaseException) -> None:
    """Judging this very post failed: count an attempt."""
    SCREENING_FAILURES.inc()
    structlog.get_logger().exception("screening_failed", posts=ids, exc_info=error)
    with parts.sessions.begin() as session:
        release(session, claim, ids, failures=1)


def _wait_out(parts: Parts, claim: Claim, ids: Collection[int], outage: waits.OutageError) -> None:
    """Give the posts back as they were. Their leases are renewed until the database takes that."""
    waits.note(parts.sessions, outage)
    end = time.monotonic() + RELEASE_SECONDS
    while True:
        try:
            with parts.sessions.begin() as session:
                release(session, claim, ids)
        except Exception as error:
            if waits.outage_of(error) is None or time.monotonic() > end:
                raise
            time.sleep(1)
        else:
            return
