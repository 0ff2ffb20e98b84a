"""Who signs in, what they answered, and what they changed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, row_id


class User(Base):
    """Somebody who signs in to the console. ``role`` is moderator, analyst or admin.

    ``preferences`` is how the person likes to work: keys, blur, breaks.
    """

    __tablename__ = "users"

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="moderator")
    locale: Mapped[str | None]
    session_stamp: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    preferences: Mapped[Json] = mapped_column(server_default="{}")

    __table_args__ = (
        CheckConstraint("role IN ('moderator', 'analyst', 'admin')", name="role_known"),
    )


class Review(Base):
    """A moderator's answer to one post. ``answers`` maps each hashtag as sent to its verdict.

    ``kind`` is that of the case it answers. ``before`` is what it replaced, so that it can be
    undone (``undone_at``); reviews of one ``batch`` were given, and are undone, as one.
    ``seconds`` passed from taking the case to the answer. ``delivery_id`` is the callback that
    tells of it. A review of kind double or control changed nothing, and so has neither.
    """

    __tablename__ = "reviews"

    id: Mapped[int] = row_id()
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="SET NULL", use_alter=True)
    )
    kind: Mapped[str] = mapped_column(server_default="review")
    answers: Mapped[Json]
    before: Mapped[Json | None]
    batch: Mapped[uuid.UUID | None] = mapped_column(index=True)
    seconds: Mapped[float | None]
    delivery_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("deliveries.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_reviews_by_user", "user_id", "created_at"),)


class AuditEntry(Base):
    """Who changed what, when. Rows are only ever added."""

    __tablename__ = "audit_log"

    id: Mapped[int] = row_id()
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Json]
