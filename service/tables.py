"""The tables, in the words of the design: one class each."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

Json = dict[str, Any]


class Base(DeclarativeBase):
    """All tables share one metadata, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a class attribute
        datetime: DateTime(timezone=True),
        str: Text,
        Json: JSONB,
        list[str]: ARRAY(Text),
    }


def _row_id() -> Mapped[int]:
    return mapped_column(BigInteger, Identity(), primary_key=True)


def _owner(table: str) -> Mapped[int]:
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"))


class Post(Base):
    """One revision of a post, as the platform sent it, and what was decided.

    ``state`` is pending, decided, superseded or deleted. A deleted post keeps its id and revision,
    so that a late redelivery cannot bring it back, and nothing else of what the platform sent.
    """

    __tablename__ = "posts"

    id: Mapped[int] = _row_id()
    external_id: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[str]
    caption: Mapped[str]
    hashtags: Mapped[list[str]]
    posted_at: Mapped[datetime]
    reach: Mapped[int] = mapped_column(BigInteger, default=0)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(default="pending")
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(default=0)
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[Json | None]
    bundle: Mapped[str | None]
    ruleset: Mapped[str | None]

    images: Mapped[list[Image]] = relationship(
        back_populates="post", order_by="Image.position", passive_deletes=True, cascade="all"
    )
    verdicts: Mapped[list[Verdict]] = relationship(
        back_populates="post", order_by="Verdict.position", passive_deletes=True, cascade="all"
    )

    __table_args__ = (
        UniqueConstraint("external_id", "revision"),
        CheckConstraint(
            "state IN ('pending', 'decided', 'superseded', 'deleted')", name="state_known"
        ),
        CheckConstraint("decision IN ('pass', 'flag', 'review')", name="decision_known"),
        CheckConstraint(
            "(state = 'decided') <= (decision IS NOT NULL)", name="decided_has_decision"
        ),
        Index("ix_posts_pending", "queued_at", postgresql_where=text("state = 'pending'")),
        Index("ix_posts_decided", "decision", "id", postgresql_where=text("state = 'decided'")),
    )


class Image(Base):
    """One photograph of a post: where it came from until it is screened, what was seen in it after.

    ``source_url`` or ``source_bytes`` say where it comes from; the bytes are dropped once the post
    is decided. ``derivative`` is its key in the image store. ``labels`` maps each label to
    ``{"score": float, "fact": bool | null}``; ``error`` is ``{"code", "message"}``.
    """

    __tablename__ = "images"

    id: Mapped[int] = _row_id()
    post_id: Mapped[int] = _owner("posts")
    position: Mapped[int]
    source_url: Mapped[str | None]
    source_bytes: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str | None]
    derivative: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    labels: Mapped[Json | None]
    error: Mapped[Json | None]

    post: Mapped[Post] = relationship(back_populates="images")
    embedding: Mapped[Embedding | None] = relationship(passive_deletes=True, cascade="all")

    __table_args__ = (UniqueConstraint("post_id", "position"),)


class Embedding(Base):
    """The embedding of one photograph, and the id of what made it: different ones never mix."""

    __tablename__ = "embeddings"

    image_id: Mapped[int] = mapped_column(
        ForeignKey("images.id", ondelete="CASCADE"), primary_key=True
    )
    made_by: Mapped[str]
    vector: Mapped[Any] = mapped_column(HALFVEC())


class Verdict(Base):
    """The verdict on one hashtag of a post.

    ``verdict`` is what holds now; ``model_verdict`` is what the rules said, whatever a person
    answered later. ``reason`` is ``{"en", "ko"}``; ``trace`` is how the rules came to it.
    """

    __tablename__ = "verdicts"

    id: Mapped[int] = _row_id()
    post_id: Mapped[int] = _owner("posts")
    position: Mapped[int]
    tag: Mapped[str]
    normalised: Mapped[str]
    verdict: Mapped[str]
    model_verdict: Mapped[str]
    category: Mapped[str | None]
    resolved_by: Mapped[str]
    confidence: Mapped[float]
    reason: Mapped[Json]
    trace: Mapped[Json]

    post: Mapped[Post] = relationship(back_populates="verdicts")

    __table_args__ = (
        UniqueConstraint("post_id", "position"),
        CheckConstraint(
            "verdict IN ('relevant', 'irrelevant', 'uncertain', 'unverifiable')",
            name="verdict_known",
        ),
        Index("ix_verdicts_feed", "normalised", "verdict", "post_id"),
    )


class Delivery(Base):
    """The outbox: one callback owed to the platform. ``id`` is its ``webhook-id``, for ever.

    ``state`` is pending, delivered or dead.
    """

    __tablename__ = "deliveries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    type: Mapped[str]
    body: Mapped[Json]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state_known"),
        Index("ix_deliveries_due", "next_attempt_at", postgresql_where=text("state = 'pending'")),
    )


class User(Base):
    """Somebody who signs in to the console. ``role`` is moderator, analyst or admin."""

    __tablename__ = "users"

    id: Mapped[int] = _row_id()
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

    id: Mapped[int] = _row_id()
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    answers: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditEntry(Base):
    """Who changed what, when. Rows are only ever added."""

    __tablename__ = "audit_log"

    id: Mapped[int] = _row_id()
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Json]
