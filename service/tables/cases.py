"""Cases, the reasons for people to look at posts, and drafts of answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.tables.base import Base, Json, owner, row_id
from service.tables.posts import Post


class Case(Base):
    """One reason for a person to look at a post. The open ones are the queue.

    ``kind`` says why:

    - review: the model flagged the post or was in doubt about it;
    - double: a second, blind look at a post that another moderator settled;
    - third: two moderators disagreed;
    - control: the right answer is known, which the moderator does not see;
    - spot_check: a post that passed, drawn at random;
    - appeal: its author objects.

    ``priority`` is ``doubt`` times ``reach``: how unsure the most doubtful hashtag is (0..1; more
    where somebody waits for the answer), and how many people the post reached, at least 1.
    ``holder_id`` has the case until ``leased_until``. ``for_id`` is the only person who may take
    it, ``not_for`` are those who may not; those in ``set_aside`` skipped it, and meet it again
    after all others. Whoever ``handed_to_id`` names got it from ``handed_by_id`` with a note, and
    has it to themselves for a while (``service/cases/hand_over.py``). ``review_id`` is the
    review that made the case necessary.
    """

    __tablename__ = "cases"

    id: Mapped[int] = row_id()
    post_id: Mapped[int] = owner("posts")
    kind: Mapped[str]
    priority: Mapped[float]
    doubt: Mapped[float] = mapped_column(server_default="0")
    reach: Mapped[int] = mapped_column(BigInteger, server_default="0")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    for_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    not_for: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    set_aside: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    handed_to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    handed_at: Mapped[datetime | None]
    handed_note: Mapped[str | None]
    review_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"))
    details: Mapped[Json] = mapped_column(server_default="{}")

    post: Mapped[Post] = relationship()

    __table_args__ = (
        CheckConstraint(
            "kind IN ('review', 'double', 'third', 'control', 'spot_check', 'appeal')",
            name="kind_known",
        ),
        CheckConstraint("char_length(handed_note) <= 500", name="handed_note_bounded"),
        Index(
            "ix_cases_handed",
            "handed_to_id",
            postgresql_where=text("closed_at IS NULL AND handed_to_id IS NOT NULL"),
        ),
        Index("ix_cases_post_id", "post_id"),
        Index("ix_cases_review_id", "review_id"),
        # The hours in which cases were opened and closed, and those that wait longest.
        Index("ix_cases_opened", "opened_at"),
        Index("ix_cases_closed", "closed_at"),
        Index(
            "ix_cases_waiting",
            "opened_at",
            postgresql_where=text("closed_at IS NULL"),
            postgresql_include=["post_id"],
        ),
        # The queue, in its order.
        Index(
            "ix_cases_open", text("priority DESC"), "id", postgresql_where=text("closed_at IS NULL")
        ),
        # The queue by each of the two alone.
        *(
            Index(
                f"ix_cases_open_by_{name}",
                text(f"{name} DESC"),
                "id",
                postgresql_where=text("closed_at IS NULL"),
            )
            for name in ("doubt", "reach")
        ),
        # The queue by age.
        Index("ix_cases_open_by_age", "id", postgresql_where=text("closed_at IS NULL")),
        Index(
            "ix_cases_held",
            "holder_id",
            postgresql_where=text("closed_at IS NULL AND holder_id IS NOT NULL"),
        ),
        # A post is never twice in the queue for the same reason; controls are one per moderator.
        Index(
            "uq_cases_open",
            "post_id",
            "kind",
            unique=True,
            postgresql_where=text("closed_at IS NULL AND kind <> 'control'"),
        ),
    )


class Draft(Base):
    """Answers that came after the lease was over, kept for the person who gave them alone.

    ``answers`` maps each hashtag as sent to its verdict; ``reason`` and ``note`` say why.
    """

    __tablename__ = "drafts"

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    answers: Mapped[Json]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    saved_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (CheckConstraint("char_length(note) <= 500", name="note_bounded"),)
