"""Exact copies of settled posts: where they take over verdicts, and how often people agree."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base


class CopyRule(Base):
    """An analyst's permission for a category: copies take over a person's verdict.

    A share of them, ``checked`` in 0..1, goes to a person all the same.
    """

    __tablename__ = "copy_rules"

    category: Mapped[str] = mapped_column(primary_key=True)
    checked: Mapped[float]
    who: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("checked BETWEEN 0.01 AND 1", name="share"),)


class CopyCheck(Base):
    """A copy's verdict that a person is to give: ``expected`` is the one of the settled post."""

    __tablename__ = "copy_checks"

    verdict_id: Mapped[int] = mapped_column(
        ForeignKey("verdicts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    category: Mapped[str]
    expected: Mapped[str]

    __table_args__ = (Index("ix_copy_checks_category", "category", "verdict_id"),)
