"""What came of a request, written in one transaction; its JPEGs lie in the image store."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from PIL import Image
from sqlalchemy import update

from service.erasure import call_off, hurry, owe_erasure
from service.parts import Parts
from service.screening.gather import Unreadable
from service.tables import ThumbnailFrame, ThumbnailPicture
from service.thumbnails.candidates import ShownCandidate
from service.thumbnails.claim import hold_mine
from service.thumbnails.end import end
from service.thumbnails.look import Best
from service.waits import OutageError

SMALL_HEIGHT, SMALL_QUALITY = 120, 70
UNFINISHED_FOR = timedelta(minutes=15)  # longer than a task may run


def keep(
    parts: Parts,
    worker: uuid.UUID,
    job_id: int,
    shown: Sequence[ShownCandidate],
    best: Sequence[Best],
) -> bool:
    """Put the JPEGs, and end the request with its frames. Erasing the JPEGs is owed before they are
    put, and called off with the request's end.

    Returns:
        False: the request is not this worker's any more, and nothing was kept.

    Raises:
        OutageError: the store failed, or took so long that the erasures have begun.
    """
    paths = [f"thumbnails/{job_id % 256:02x}/{job_id}-{uuid.uuid4().hex}.jpg" for _ in best]
    if paths:
        with parts.sessions.begin() as session:
            owe_erasure(session, paths, "unfinished", wait=UNFINISHED_FOR)
    for path, one in zip(paths, best, strict=True):
        try:
            parts.images.put(path, one.shown.jpeg)
        except Exception as error:  # each store has errors of its own
            raise OutageError("store", error) from error
    rows = _rows(job_id, shown, best, paths)
    with parts.sessions.begin() as session:
        job = hold_mine(session, worker, job_id)
        if job is None:
            hurry(session, paths)
            return False
        session.add_all(rows)
        end(session, job, "done", parts.config.base_url)
        if not call_off(session, paths):
            raise OutageError("store", TimeoutError("The thumbnails took too long."))
    return True


def note_errors(parts: Parts, errors: Mapping[int, Unreadable]) -> None:
    """Write down which of the pictures that were sent could not be had."""
    if not errors:
        return
    with parts.sessions.begin() as session:
        for row in sorted(errors):
            told = {"code": errors[row].code, "message": errors[row].message}
            one = update(ThumbnailPicture).where(ThumbnailPicture.id == row)
            session.execute(one.values(error=told))


def _rows(
    job_id: int, shown: Sequence[ShownCandidate], best: Sequence[Best], paths: Sequence[str]
) -> list[ThumbnailFrame]:
    rows = {}
    for one in shown:
        rows[one.position] = ThumbnailFrame(
            job_id=job_id,
            position=one.position,
            time=one.time,
            small=_small(one.image),
            width=one.width,
            height=one.height,
        )
    for rank, (good, path) in enumerate(zip(best, paths, strict=True), 1):
        row, why = rows[good.shown.position], good.chosen
        row.rank, row.stored, row.reason = rank, path, good.reason
        row.score, row.quality, row.closeness = why.score, why.quality, why.closeness
        row.focus_x, row.focus_y = good.focus
        row.extras = good.extras
    return list(rows.values())


def _small(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((4 * SMALL_HEIGHT, SMALL_HEIGHT))
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=SMALL_QUALITY)
    return jpeg.getvalue()
