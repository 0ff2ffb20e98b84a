"""Who signs in, what they answered, and what they changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, row_id


class User(Base):
    """Somebody who signs in to the console. ``role`` is moderator, analyst or admin."""

    __tablename__ = "users"

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="moderator")
    locale: Mapped[str | None]
    session_stamp: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("role IN ('moderator', 'analyst', 'admin')", name="role_known"),
    )


class Review(Base):
    """A moderator's answer to one post. ``answers`` maps each hashtag as sent to its verdict."""

    __tablename__ = "reviews"

    id: Mapped[int] = row_id()
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answers: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditEntry(Base):
    """Who changed what, when. Rows are only ever added."""

    __tablename__ = "audit_log"

    id: Mapped[int] = row_id()
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Json]
