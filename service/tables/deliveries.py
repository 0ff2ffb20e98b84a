"""The outbox, and who receives it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Sequence, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json

NUMBERS = Sequence("deliveries_sequence", metadata=Base.metadata)


class Delivery(Base):
    """One callback of the outbox. ``id`` is its ``webhook-id``, for ever.

    It is about a post, or about the request for thumbnails with the key ``thumbnails_key``, whose
    row may be gone before.

    ``state`` is pending, delivered, dead (given up), withdrawn (what it tells was undone or
    erased before it went out) or overtaken (a newer callback about the same post was sent first).

    ``sequence`` orders the callbacks: a later one about the same post, of whichever revision, has a
    greater number. ``leased_until`` is set while a worker sends it; ``hinted_at`` says when a
    message in the broker was last asked to send it. All times are the database's.
    """

    __tablename__ = "deliveries"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), index=True
    )
    thumbnails_key: Mapped[str | None]
    sequence: Mapped[int] = mapped_column(
        BigInteger, unique=True, server_default=NUMBERS.next_value()
    )
    type: Mapped[str]
    body: Mapped[Json]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
    leased_until: Mapped[datetime | None]
    hinted_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('pending', 'delivered', 'dead', 'withdrawn', 'overtaken')",
            name="state_known",
        ),
        CheckConstraint("num_nonnulls(post_id, thumbnails_key) = 1", name="one_subject"),
        Index(
            "ix_deliveries_thumbnails_key",
            "thumbnails_key",
            postgresql_where=text("thumbnails_key IS NOT NULL"),
        ),
        Index("ix_deliveries_due", "next_attempt_at", postgresql_where=text("state = 'pending'")),
        # What the sweep may still empty.
        Index(
            "ix_deliveries_bodies",
            "created_at",
            postgresql_where=text(
                "state IN ('delivered', 'withdrawn', 'overtaken') AND body <> '{}'"
            ),
        ),
        # The overview counts from this alone, without the bodies.
        Index("ix_deliveries_created", "created_at", postgresql_include=["state", "post_id"]),
        # The log of one state is read from its newest entry on.
        Index("ix_deliveries_state", "state", "sequence"),
    )


class Receiver(Base):
    """A server that callbacks are sent to, by its origin (``https://host:port``).

    ``failures`` counts attempts in a row without an answer that makes sense; from some number on,
    nothing is sent before ``held_until``.
    """

    __tablename__ = "receivers"

    origin: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[datetime | None]
