"""The end of a request: what was sent with it is dropped, and the platform is told."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from service.outbox.enqueue import enqueue_thumbnails
from service.tables import Json, ThumbnailJob, ThumbnailPicture
from service.thumbnails.represent import represent
from service.thumbnails.show import all_of, unread

MOST_ATTEMPTS = 3
GAVE_UP: Json = {
    "code": "gave_up",
    "message": f"Looking at it was begun {MOST_ATTEMPTS} times, and never came to an end.",
}


def end(
    session: Session, job: ThumbnailJob, state: str, base_url: str, error: Json | None = None
) -> None:
    """A locked request is over, ``state`` done or failed. Its frames are added before.

    Where the platform asked, it is owed a callback: ``thumbnails.done`` or ``thumbnails.failed``.
    """
    job.state, job.error = state, error
    job.claimed_by = job.claimed_until = None
    sent = update(ThumbnailPicture).where(ThumbnailPicture.job_id == job.id)
    session.execute(sent.values(data=None), execution_options={"synchronize_session": False})
    session.flush()
    if job.callback:
        told = represent(all_of(session, job), unread(session, job.id), base_url)
        enqueue_thumbnails(session, job.key, f"thumbnails.{state}", told)
