"""Hashtags that are judged by a few examples."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.tables.base import Base, Json, row_id
from service.tables.posts import Post


class Prototype(Base):
    """A linear probe on the embeddings of one network (``similarity.probe.Probe``).

    ``state`` is shadow, live or retired; of each hashtag at most one is live. ``figures`` is what
    it said of examples that were held back.
    """

    __tablename__ = "prototypes"

    id: Mapped[int] = row_id()
    normalised: Mapped[str]
    tag: Mapped[str]
    state: Mapped[str]
    made_by: Mapped[str]
    weights: Mapped[Any] = mapped_column(HALFVEC())
    bias: Mapped[float]
    figures: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_by: Mapped[str]

    __table_args__ = (
        CheckConstraint("state IN ('shadow', 'live', 'retired')", name="state_known"),
        Index(
            "ix_prototypes_live",
            "normalised",
            unique=True,
            postgresql_where=text("state = 'live'"),
        ),
    )


class PrototypeExample(Base):
    """A post that a prototype in use was made from: its first photograph ``bears_out`` the hashtag,
    or does not. It goes when its post is deleted or replaced, or the prototype is retired."""

    __tablename__ = "prototype_examples"

    prototype_id: Mapped[int] = mapped_column(
        ForeignKey("prototypes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    bears_out: Mapped[bool]
    named_by: Mapped[str]
    named_at: Mapped[datetime] = mapped_column(server_default=func.now())

    post: Mapped[Post] = relationship()


class ShadowScore(Base):
    """What a prototype in shadow says of a hashtag of a new post; it goes with the verdict."""

    __tablename__ = "shadow_scores"

    prototype_id: Mapped[int] = mapped_column(
        ForeignKey("prototypes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    verdict_id: Mapped[int] = mapped_column(
        ForeignKey("verdicts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    score: Mapped[float]
    says: Mapped[bool | None]
