"""A file that was, or will be, put to a pre-signed URL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class Upload(Base):
    """One upload, from the moment its URL was handed out.

    ``content_type`` and ``size`` (bytes) are what was announced; once the file is stored,
    ``content_type`` is what its content shows. ``path`` is where the whole, checked file lies in
    the image store, and ``landing``, in a bucket, where its sender puts it. ``claimed_by`` is the
    platform's id of the post that it belongs to. ``erased_at``: it expired, and its file is gone
    or owed as an erasure.
    """

    __tablename__ = "uploads"

    id: Mapped[int] = row_id()
    key: Mapped[str] = mapped_column(unique=True)
    made_by: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    landing: Mapped[str | None]
    path: Mapped[str | None]
    stored_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_at IS NULL)", name="claimed_at_once"),
        CheckConstraint("claimed_by IS NULL OR path IS NOT NULL", name="claimed_is_stored"),
        CheckConstraint("claimed_by IS NULL OR erased_at IS NULL", name="claimed_is_kept"),
        # What counts against the bounds, and what the sweep looks through.
        Index(
            "ix_uploads_unclaimed",
            "expires_at",
            postgresql_include=["made_by", "size"],
            postgresql_where=text("claimed_by IS NULL AND erased_at IS NULL"),
        ),
        Index("ix_uploads_erased", "erased_at", postgresql_where=text("erased_at IS NOT NULL")),
        Index("ix_uploads_post", "claimed_by", postgresql_where=text("claimed_by IS NOT NULL")),
    )
