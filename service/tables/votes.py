"""What visually close posts say of hashtags that no rule covers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json


class UsualVotes(Base):
    """What is usual for a hashtag, learned once a day (``similarity.votes.Bar``).

    ``authors`` carry it. ``figures`` counts what votes say of posts that were held back:
    ``{"right": {"posts", "for", "against"}, "other": {…}}``, of those that carry it, and of others
    as if they did.
    """

    __tablename__ = "usual_votes"

    normalised: Mapped[str] = mapped_column(primary_key=True)
    tag: Mapped[str]
    authors: Mapped[int]
    prior: Mapped[float]
    support: Mapped[float]
    floor: Mapped[float]
    figures: Mapped[Json]
    learned_at: Mapped[datetime] = mapped_column(server_default=func.now())


class VotePermission(Base):
    """An analyst's permission: votes decide on this hashtag."""

    __tablename__ = "vote_permissions"

    normalised: Mapped[str] = mapped_column(primary_key=True)
    who: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Poll(Base):
    """One verdict that votes were asked for, or a live prototype (``prototype_id``): the ``ballot``
    (``rules.Opinion``), and what it ``says``: for it, against it, or nothing (null)."""

    __tablename__ = "polls"

    verdict_id: Mapped[int] = mapped_column(
        ForeignKey("verdicts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    normalised: Mapped[str]
    says: Mapped[bool | None]
    ballot: Mapped[Json]
    prototype_id: Mapped[int | None] = mapped_column(ForeignKey("prototypes.id"), index=True)

    __table_args__ = (Index("ix_polls_normalised", "normalised", "verdict_id"),)


class Vote(Base):
    """One of the nearest posts that voted in a poll; goes with its post."""

    __tablename__ = "votes"

    verdict_id: Mapped[int] = mapped_column(
        ForeignKey("polls.verdict_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )
    likeness: Mapped[float]
    carries: Mapped[bool]
