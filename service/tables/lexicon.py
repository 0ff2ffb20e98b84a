"""What people said of hashtags, and what was learned of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class LexiconChange(Base):
    """One hashtag's new meaning; the newest change of a hashtag holds. Rows are only ever added.

    ``categories`` is empty where it says nothing that can be seen, ``visible`` alone where one can
    see it and no category covers it, and null where the lexicon's file is to have its say again.
    """

    __tablename__ = "lexicon_changes"

    id: Mapped[int] = row_id()
    tag: Mapped[str]
    normalised: Mapped[str]
    categories: Mapped[list[str] | None]
    who: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    why: Mapped[str]

    __table_args__ = (Index("ix_lexicon_changes_newest", "normalised", "id"),)


class LearnedHashtag(Base):
    """A guess: the category that most ``posts`` of an unmapped hashtag claim by other hashtags."""

    __tablename__ = "learned_hashtags"

    normalised: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str]
    posts: Mapped[int]
    share: Mapped[float]
