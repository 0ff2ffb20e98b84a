"""Delete what was made from uploads with them: requests for thumbnails and their frames."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from service.tables import ThumbnailFrame, ThumbnailJob, ThumbnailPicture


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
    ids = session.scalars(jobs).all()
    stored = select(ThumbnailFrame.stored).where(ThumbnailFrame.job_id.in_(ids))
    places = [place for place in session.scalars(stored) if place]
    gone = delete(ThumbnailJob).where(ThumbnailJob.id.in_(ids))
    session.execute(gone, execution_options={"synchronize_session": False})
    return places
