"""Campaigns: one picture in many posts, with counts that are updated as posts come and go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.tables.base import Base, owner, row_id
from service.tables.posts import Post


class Campaign(Base):
    """One picture, and how widely it is spread; the counts are those of its posts.

    ``reach`` is the sum of theirs; ``first_at`` and ``last_at`` are when the service received the
    first and the last of them. There is none with fewer than two posts.
    """

    __tablename__ = "campaigns"

    id: Mapped[int] = row_id()
    posts: Mapped[int]
    authors: Mapped[int]
    hashtags: Mapped[int]
    reach: Mapped[int] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("posts >= 0 AND authors >= 0 AND hashtags >= 0", name="counts_possible"),
        Index("ix_campaigns_spread", "posts", "id"),
        Index("ix_campaigns_last", "last_at", "id"),
    )


class CampaignImage(Base):
    """A photograph of a campaign. It is in no other, and its post may be in several."""

    __tablename__ = "campaign_images"

    image_id: Mapped[int] = mapped_column(
        ForeignKey("images.id", ondelete="CASCADE"), primary_key=True
    )
    post_id: Mapped[int] = owner("posts")
    campaign_id: Mapped[int] = owner("campaigns")

    post: Mapped[Post] = relationship()

    __table_args__ = (
        Index("ix_campaign_images_campaign_id", "campaign_id", "post_id"),
        Index("ix_campaign_images_post_id", "post_id"),
    )


class CampaignName(Base):
    """How many posts of a campaign have an author, or a hashtag as it is compared.

    ``kind`` is author or hashtag.
    """

    __tablename__ = "campaign_names"

    campaign_id: Mapped[int] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    posts: Mapped[int]

    __table_args__ = (CheckConstraint("kind IN ('author', 'hashtag')", name="kind_known"),)


class Unplaced(Base):
    """A decided post that was not compared with others yet. The row is the promise that it will
    be; ``leased_until`` keeps a second worker from doing the same."""

    __tablename__ = "unplaced"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
