"""Choose the thumbnails of one request: claim it, look with no transaction open, write."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from classifiers import BundleError
from rules import RulesetError
from service import waits
from service.config import Config
from service.parts import Parts
from service.pulse import renewing
from service.screen import Screen
from service.screening.gather import longest_seconds
from service.screening.pictures import look_pixels
from service.tables import ThumbnailJob
from service.thumbnails.candidates import Candidates, candidates_from, frames_of, pictures_sent
from service.thumbnails.claim import LEASE, claim, give_back, hold_mine, renew
from service.thumbnails.end import GAVE_UP, MOST_ATTEMPTS, end
from service.thumbnails.errors import ThumbnailError
from service.thumbnails.extras import Looked, extras_of
from service.thumbnails.keep import keep, note_errors
from service.thumbnails.look import Best, best_of
from service.thumbnails.style import Style, style_of
from thumbnails import ThumbnailBundleError

MOST_PICTURES = 30  # candidates that are sent, and as many references
SPARE_SECONDS = 60.0


def seconds_of_job(config: Config) -> float:
    """How long one request may take if all that it names takes as long as it may."""
    video = config.video_fetch_seconds + config.video_decode_seconds
    pictures = longest_seconds(MOST_PICTURES, config)
    return max(video, pictures) + pictures + SPARE_SECONDS


def make_thumbnails(parts: Parts, job_id: int) -> bool:
    """Choose the thumbnails of a request, unless another is at it.

    Returns:
        whether it is over now.
    """
    worker = uuid.uuid4()
    with parts.sessions.begin() as session:
        job = claim(session, worker, job_id)
        if job is not None and job.attempts > MOST_ATTEMPTS:
            end(session, job, "failed", parts.config.base_url, GAVE_UP)
            return True
    if job is None:
        return False
    with renewing(parts.sessions, LEASE, lambda session: renew(session, worker, job_id)):
        return _try(parts, worker, job)


def _try(parts: Parts, worker: uuid.UUID, job: ThumbnailJob) -> bool:
    try:
        return _make(parts, worker, job)
    except ThumbnailError as error:
        return _fail(parts, worker, job.id, error)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # the request stays pending, and the sweep tries it again
        outage = waits.outage_of(error)
        structlog.get_logger().exception("thumbnails_not_made", job=job.id, exc_info=error)
        if outage is not None:
            waits.note(parts.sessions, outage)
        with parts.sessions.begin() as session:
            give_back(session, worker, job.id, counted=outage is None)
        return False


def _make(parts: Parts, worker: uuid.UUID, job: ThumbnailJob) -> bool:
    try:
        current = parts.screener.current()
    except (BundleError, RulesetError, OSError) as error:  # no request's fault
        raise waits.OutageError("model", error) from error
    style = style_of(parts, job, current)
    candidates = _candidates(parts, job, look_pixels(current.bundle))
    best = best_of(current, candidates, style.embeddings, job.wanted)
    if job.extras:
        best = _with_extras(parts, job, current, best, style)
    return keep(parts, worker, job.id, candidates.shown, best)


def _candidates(parts: Parts, job: ThumbnailJob, looked_at: int) -> Candidates:
    if job.video_url or job.video_upload:
        return frames_of(parts, job, looked_at)
    sent = pictures_sent(parts, job.id, "candidate", looked_at)
    note_errors(parts, sent.errors)
    if not sent.pictures:
        raise ThumbnailError("no_pictures", "None of the pictures could be had and read.")
    return candidates_from(sent.pictures)


def _with_extras(
    parts: Parts, job: ThumbnailJob, current: Screen, best: Sequence[Best], style: Style
) -> list[Best]:
    looked = [Looked(one.shown.image, one.embedding) for one in best]
    live = current.bundle.embedding_id
    try:
        found = extras_of(parts.config, live, job.extras, looked, style.images)
    except ThumbnailBundleError as error:  # no request's fault
        raise waits.OutageError("model", error) from error
    return [replace(one, extras=extras) for one, extras in zip(best, found, strict=True)]


def _fail(parts: Parts, worker: uuid.UUID, job_id: int, error: ThumbnailError) -> bool:
    with parts.sessions.begin() as session:
        job = hold_mine(session, worker, job_id)
        if job is not None:
            told = {"code": error.code, "message": error.message}
            end(session, job, "failed", parts.config.base_url, told)
    return job is not None
