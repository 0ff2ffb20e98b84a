"""Delete what was made from uploads with them: requests for thumbnails and their frames."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session

from service.tables import Delivery, ThumbnailFrame, ThumbnailJob, ThumbnailPicture


def forget_derived(session: Session, keys: Collection[str]) -> list[str]:
    """Drop the requests for thumbnails that name one of these uploads, in the transaction that
    drops the uploads. What a worker finds meanwhile is not written.

    Returns:
        the places of their JPEGs in the image store, which the caller owes as erasures.
    """
    if not keys:
        return []
    naming = select(ThumbnailPicture.job_id).where(ThumbnailPicture.upload.in_(keys))
    jobs = (
        select(ThumbnailJob.id)
        .where(or_(ThumbnailJob.video_upload.in_(keys), ThumbnailJob.id.in_(naming)))
        .order_by(ThumbnailJob.id)
        .with_for_update()
    )
    return drop_requests(session, session.scalars(jobs).all())


def drop_requests(session: Session, ids: Sequence[int]) -> list[str]:
    """Drop requests for thumbnails, whose rows are locked, with all that came of them.

    Of their callbacks stays that they were: what they tell is dropped, and what was not delivered
    is withdrawn.

    Returns:
        the places of their JPEGs in the image store, which the caller owes as erasures.
    """
    if not ids:
        return []
    stored = select(ThumbnailFrame.stored).where(ThumbnailFrame.job_id.in_(ids))
    places = [place for place in session.scalars(stored) if place]
    keys = select(ThumbnailJob.key).where(ThumbnailJob.id.in_(ids))
    told = (
        select(Delivery.id)
        .where(Delivery.thumbnails_key.in_(keys))
        .order_by(Delivery.sequence)
        .with_for_update()
    )
    # Given up ones, too: nobody sends again what is gone.
    undelivered = Delivery.state.in_(("pending", "dead"))
    emptied = update(Delivery).where(Delivery.id.in_(session.scalars(told).all()))
    state = case((undelivered, "withdrawn"), else_=Delivery.state)
    session.execute(emptied.values(body={}, state=state), execution_options=_FAST)
    gone = delete(ThumbnailJob).where(ThumbnailJob.id.in_(ids))
    session.execute(gone, execution_options=_FAST)
    return places


_FAST = {"synchronize_session": False}
