"""Stored rulesets, their promotions, and the verdicts of those in shadow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class StoredRuleset(Base):
    """One ruleset's text. ``state`` is draft, shadow, live or retired; at most one is live.

    ``name`` is made of the file's stem and a digest of the text, so the same text is stored once.
    """

    __tablename__ = "rulesets"

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(unique=True)
    file: Mapped[str]
    source: Mapped[str]
    note: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_by: Mapped[str]

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'shadow', 'live', 'retired')", name="state_known"),
        Index("ix_rulesets_live", "state", unique=True, postgresql_where=text("state = 'live'")),
    )


class Promotion(Base):
    """A ruleset became live. Rolling back undoes the newest that is not undone."""

    __tablename__ = "promotions"

    id: Mapped[int] = row_id()
    ruleset_id: Mapped[int] = mapped_column(ForeignKey("rulesets.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone: Mapped[bool] = mapped_column(default=False)


class ShadowVerdict(Base):
    """What a ruleset in shadow said of one hashtag, beside what the live one said then.

    It goes with the verdict it stands beside, so nothing is left of a deleted post.
    """

    __tablename__ = "shadow_verdicts"

    ruleset_id: Mapped[int] = mapped_column(
        ForeignKey("rulesets.id", ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    live_verdict: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["post_id", "position"], ["verdicts.post_id", "verdicts.position"], ondelete="CASCADE"
        ),
        Index("ix_shadow_verdicts_flip", "ruleset_id", "live_verdict", "verdict", "post_id"),
        Index("ix_shadow_verdicts_post", "post_id", "position"),
    )
