"""Files that are to be erased, and the receipts of deletions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class Deletion(Base):
    """The receipt of a deleted post: what was erased, and when its last byte was (``erased_at``).

    ``photographs`` counts photographs and kept frames of videos, the other numbers count rows, too.
    It is kept as long as the post's id is known, and tells nothing of what the post said.
    """

    __tablename__ = "deletions"

    id: Mapped[int] = row_id()
    external_id: Mapped[str] = mapped_column(unique=True)
    requested_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revisions: Mapped[int]
    photographs: Mapped[int]
    videos: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    verdicts: Mapped[int]
    reviews: Mapped[int]
    callbacks: Mapped[int]
    uploads: Mapped[int] = mapped_column(server_default=text("0"))
    erased_at: Mapped[datetime | None]


class Erasure(Base):
    """One file of the image store that is to be erased. The row goes once the file is gone.

    ``why`` is deleted, superseded, or unfinished: a worker puts a copy that no decided post refers
    to yet (``service/erasure/owe.py``). ``deletion_id`` is the receipt that waits for it.
    """

    __tablename__ = "erasures"

    id: Mapped[int] = row_id()
    key: Mapped[str]
    why: Mapped[str]
    deletion_id: Mapped[int | None] = mapped_column(
        ForeignKey("deletions.id", ondelete="CASCADE"), index=True
    )
    owed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    last_error: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("why IN ('deleted', 'superseded', 'unfinished')", name="why_known"),
        Index("ix_erasures_key", "key"),
    )
