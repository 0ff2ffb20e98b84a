"""Requests for the best frames of a video or the best of some pictures, and what was chosen."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, owner, row_id


class ThumbnailJob(Base):
    """One request. It and all that came of it goes when ``expires_at`` is over.

    ``video_url`` or ``video_upload`` is the video; where neither is given, the candidates are rows
    of ``thumbnail_pictures``. ``channel`` is the platform's id of an author, ``category`` one of a
    ruleset: like their photographs the thumbnails are to be. ``wanted`` is how many are asked for;
    ``callback`` says that the platform asked, and is told of the end; ``extras`` names the further
    scores that are asked for, latent and engagement.

    ``state`` is pending, done or failed; ``error`` is ``{"code", "message"}``. A worker that is at
    a pending job has its name in ``claimed_by`` until ``claimed_until``; ``attempts`` counts how
    often one began; ``queued_at`` is when the broker was last given a hint of it.
    """

    __tablename__ = "thumbnail_jobs"

    id: Mapped[int] = row_id()
    key: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    video_url: Mapped[str | None]
    video_upload: Mapped[str | None]
    channel: Mapped[str | None]
    category: Mapped[str | None]
    wanted: Mapped[int]
    callback: Mapped[bool] = mapped_column(server_default=false())
    extras: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    state: Mapped[str] = mapped_column(server_default="pending")
    error: Mapped[Json | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    claimed_by: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'done', 'failed')", name="state_known"),
        CheckConstraint("video_url IS NULL OR video_upload IS NULL", name="one_video"),
        CheckConstraint("channel IS NULL OR category IS NULL", name="one_style"),
        Index("ix_thumbnail_jobs_pending", "queued_at", postgresql_where=text("state = 'pending'")),
        Index("ix_thumbnail_jobs_made_by", "made_by", "id", postgresql_include=["state"]),
        Index("ix_thumbnail_jobs_expires", "expires_at"),
        Index(
            "ix_thumbnail_jobs_upload",
            "video_upload",
            postgresql_where=text("video_upload IS NOT NULL"),
        ),
    )


class ThumbnailPicture(Base):
    """A picture that was sent: a candidate (``role``), or a reference that shows the style.

    ``url``, ``data`` or ``upload``, the key of an upload, say where it comes from; the bytes are
    dropped when the job ends. ``error`` is ``{"code", "message"}`` where it could not be had.
    """

    __tablename__ = "thumbnail_pictures"

    id: Mapped[int] = row_id()
    job_id: Mapped[int] = owner("thumbnail_jobs")
    role: Mapped[str]
    position: Mapped[int]
    url: Mapped[str | None]
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    upload: Mapped[str | None]
    error: Mapped[Json | None]

    __table_args__ = (
        UniqueConstraint("job_id", "role", "position"),
        CheckConstraint("role IN ('candidate', 'reference')", name="role_known"),
        Index(
            "ix_thumbnail_pictures_upload",
            "upload",
            postgresql_where=text("upload IS NOT NULL"),
        ),
    )


class ThumbnailFrame(Base):
    """A candidate that was looked at, in order of time; the chosen ones have a ``rank`` from 1.

    ``time`` is in seconds; of a picture it is null, and ``position`` is its place among those that
    were sent. ``small`` is a JPEG for a strip. A chosen one has a large JPEG in the image store
    (``stored``, ``width`` by ``height`` pixels), a ``score`` made of ``quality`` and ``closeness``,
    each in 0..1, the ``reason`` in both languages, and ``focus_x`` and ``focus_y``, in 0..1 from
    the top left: the middle of what was seen in it. ``extras`` are further scores by their names.
    """

    __tablename__ = "thumbnail_frames"

    id: Mapped[int] = row_id()
    job_id: Mapped[int] = owner("thumbnail_jobs")
    position: Mapped[int]
    time: Mapped[float | None]
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    rank: Mapped[int | None]
    score: Mapped[float | None]
    quality: Mapped[float | None]
    closeness: Mapped[float | None]
    reason: Mapped[Json | None]
    stored: Mapped[str | None]
    focus_x: Mapped[float | None]
    focus_y: Mapped[float | None]
    extras: Mapped[Json | None]

    __table_args__ = (
        UniqueConstraint("job_id", "position"),
        CheckConstraint("(rank IS NULL) = (stored IS NULL)", name="chosen_is_stored"),
    )
