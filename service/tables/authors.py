"""Moderators' notes on authors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base


class Author(Base):
    """A note on an author, and whether every post of theirs is shown to a moderator.

    An author with neither has no row. The row is deleted with their last post.
    """

    __tablename__ = "authors"

    author_id: Mapped[str] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(server_default="")
    watched: Mapped[bool] = mapped_column(server_default=text("false"))
    changed_by: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    __table_args__ = (CheckConstraint("char_length(note) <= 500", name="note_bounded"),)
