"""The outbox."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json


class Delivery(Base):
    """The outbox: one callback owed to the platform. ``id`` is its ``webhook-id``, for ever.

    ``state`` is pending, delivered, dead, or withdrawn: what it tells was undone before it went
    out.
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
        CheckConstraint(
            "state IN ('pending', 'delivered', 'dead', 'withdrawn')", name="state_known"
        ),
        Index("ix_deliveries_due", "next_attempt_at", postgresql_where=text("state = 'pending'")),
        # What the sweep may still empty.
        Index(
            "ix_deliveries_bodies",
            "created_at",
            postgresql_where=text("state IN ('delivered', 'withdrawn') AND body <> '{}'"),
        ),
        # The overview counts from this alone, without the bodies.
        Index("ix_deliveries_created", "created_at", postgresql_include=["state", "post_id"]),
    )
