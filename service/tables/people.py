"""Accounts, sessions, reviews and the audit log."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, row_id


class User(Base):
    """Somebody who signs in to the console. ``role`` is moderator, analyst or admin.

    ``preferences`` is how the person likes to work: keys, blur, breaks. A person with a one-time
    password (``must_change_password``) chooses their own before anything else.
    """

    __tablename__ = "users"

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="moderator")
    locale: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(server_default="false", default=False)
    disabled_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    preferences: Mapped[Json] = mapped_column(server_default="{}")

    __table_args__ = (
        CheckConstraint("role IN ('moderator', 'analyst', 'admin')", name="role_known"),
    )


class SavedView(Base):
    """A list of posts as somebody likes to see it.

    ``place`` holds its tab, filters and order, as an address carries them.
    """

    __tablename__ = "saved_views"

    id: Mapped[int] = row_id()
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str]
    place: Mapped[Json]

    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 40", name="name_bounded"),
    )


class SignIn(Base):
    """A browser that somebody is signed in with; the row is gone when the session ends.

    The browser keeps a random token, the row its SHA-256. ``seen_at`` is the last request of the
    person, not of a page by itself, and at most a minute old.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = row_id()
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Review(Base):
    """A moderator's answer to one post. ``answers`` maps each hashtag as sent to its verdict.

    ``kind`` is that of the case it answers. ``before`` is what it replaced, so that it can be
    undone (``undone_at``); reviews of one ``batch`` were given, and are undone, as one.
    ``seconds`` passed from taking the case to the answer. ``delivery_id`` is the callback that
    tells of it. A review of kind double or control changed nothing, and so has neither.
    ``reason`` and ``note`` say why, where the moderator did (``service/reviews/remark.py``).
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
    reason: Mapped[str | None]
    note: Mapped[str | None]
    delivery_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("deliveries.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("char_length(note) <= 500", name="note_bounded"),
        Index("ix_reviews_by_user", "user_id", "created_at"),
        Index("ix_reviews_created", "created_at"),
        Index("ix_reviews_kind", "kind", "created_at", "id"),  # second looks and controls by time
        Index("ix_reviews_case_id", "case_id"),
    )


class AuditEntry(Base):
    """Who changed what, or was refused what, when. Triggers refuse to change or delete a row.

    ``digest`` is of what the entry says. ``position`` and ``hash`` are set by a trigger when the
    transaction commits, and bind the entry to the one before (``service/audit/chain.py``).
    """

    __tablename__ = "audit_log"

    id: Mapped[int] = row_id()
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Json]
    digest: Mapped[str]
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    hash: Mapped[str | None]

    # For what begins with a text, whatever the database's collation is.
    __table_args__ = tuple(
        Index(f"ix_audit_log_{name}", name, "position", postgresql_ops={name: "text_pattern_ops"})
        for name in ("actor", "action", "subject")
    )
