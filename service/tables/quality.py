"""Controls, whose right answer is known, and authors' appeals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.tables.base import Base, Json, row_id
from service.tables.cases import Case
from service.tables.posts import Post


class Control(Base):
    """A post whose right answer is known, so that it can be shown blind to measure moderators.

    ``expected`` maps each hashtag as sent to its verdict. ``origin`` says how it is known: two
    moderators agreed, a third decided between two, or an analyst (``chosen_by``) chose the post.
    """

    __tablename__ = "controls"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    expected: Mapped[Json]
    origin: Mapped[str]
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())

    post: Mapped[Post] = relationship()

    __table_args__ = (
        CheckConstraint("origin IN ('agreed', 'third', 'analyst')", name="origin_known"),
        Index("ix_controls_added", "added_at", "post_id"),
    )


class Appeal(Base):
    """An author's objection to what was decided on one revision of a post; it can be made once.

    ``external_id`` is the platform's id of it. What the author wrote is in the case's details and
    goes with it when the post is deleted; the appeal's state follows from its case.
    """

    __tablename__ = "appeals"

    id: Mapped[int] = row_id()
    external_id: Mapped[str] = mapped_column(unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), unique=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id", ondelete="SET NULL"), index=True
    )
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())

    post: Mapped[Post] = relationship()
    case: Mapped[Case | None] = relationship()
