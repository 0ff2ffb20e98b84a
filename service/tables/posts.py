"""A post, its photographs, what was seen in them, and the verdicts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.tables.base import Base, Json, MadeVector, owner, row_id
from service.tables.videos import Video


class Post(Base):
    """One revision of a post, as the platform sent it, and what was decided.

    ``state`` is pending, decided, superseded or deleted. A deleted post keeps its id and revision,
    so that no delivery can bring it back, and nothing else of what the platform sent.

    A worker that is at a pending post has its name in ``claimed_by`` until ``claimed_until``.
    ``attempts`` counts how often the post failed: its worker died at it, or judging it raised.
    ``queued_at`` is when the broker was last given a hint of it. ``photographs`` is what exact
    copies have in common (``service.copies.settled.photographs_key``).
    """

    __tablename__ = "posts"

    id: Mapped[int] = row_id()
    external_id: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[str]
    caption: Mapped[str]
    hashtags: Mapped[list[str]]
    posted_at: Mapped[datetime]
    reach: Mapped[int] = mapped_column(BigInteger, default=0)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(default="pending")
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[uuid.UUID | None]
    claimed_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    decision: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[Json | None]
    bundle: Mapped[str | None]
    ruleset: Mapped[str | None]
    photographs: Mapped[str | None]

    images: Mapped[list[Image]] = relationship(
        back_populates="post", order_by="Image.position", passive_deletes=True, cascade="all"
    )
    videos: Mapped[list[Video]] = relationship(
        back_populates="post", order_by="Video.position", passive_deletes=True, cascade="all"
    )
    verdicts: Mapped[list[Verdict]] = relationship(
        back_populates="post", order_by="Verdict.position", passive_deletes=True, cascade="all"
    )

    __table_args__ = (
        UniqueConstraint("external_id", "revision"),
        CheckConstraint(
            "state IN ('pending', 'decided', 'superseded', 'deleted')", name="state_known"
        ),
        CheckConstraint("decision IN ('pass', 'flag', 'review')", name="decision_known"),
        CheckConstraint(
            "posted_at >= '2000-01-01 00:00:00+00' AND posted_at < '9000-01-01 00:00:00+00'",
            name="posted_at_can_be_shown",
        ),
        CheckConstraint(
            "(state = 'decided') <= (decision IS NOT NULL)", name="decided_has_decision"
        ),
        Index("ix_posts_pending", "queued_at", postgresql_where=text("state = 'pending'")),
        Index("ix_posts_pending_list", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_posts_waiting", "received_at", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_posts_claimed",
            "claimed_until",
            postgresql_where=text("state = 'pending' AND claimed_until IS NOT NULL"),
        ),
        Index(
            "ix_posts_decided",
            "decided_by",
            "decision",
            "id",
            postgresql_where=text("state = 'decided'"),
        ),
        Index(
            "ix_posts_settled",
            "id",
            postgresql_where=text("state = 'decided' AND decided_by <> 'model'"),
        ),
        # Those that a copy of their photographs follows, the last settled first.
        Index(
            "ix_posts_settled_photographs",
            "photographs",
            "decided_at",
            "id",
            postgresql_where=text("state = 'decided' AND decided_by <> 'model'"),
        ),
        Index("ix_posts_author", "author_id", "id"),
        Index("ix_posts_received", "received_at", "id"),
        # The API lists posts by state, by decision and by author, the last received first.
        Index("ix_posts_state_listed", "state", "received_at", "id"),
        Index(
            "ix_posts_decision_listed",
            "decision",
            "received_at",
            "id",
            postgresql_where=text("state = 'decided'"),
        ),
        Index("ix_posts_author_listed", "author_id", "received_at", "id"),
        Index(
            "ix_posts_caption",
            text("to_tsvector('simple', caption)"),
            postgresql_using="gin",
            postgresql_where=text("state IN ('pending', 'decided')"),
        ),
    )


class Image(Base):
    """One photograph of a post, or a kept frame of one of its videos.

    It says where a photograph came from until it is screened, and what was seen in it after.

    ``source_url``, ``source_bytes`` or ``source_upload``, the key of an upload, say where it comes
    from; the bytes are dropped once the post is decided. ``derivative`` is its key in the image
    store. ``labels`` maps each label to ``{"score": float, "fact": bool | null}``; ``error`` is
    ``{"code", "message"}``. ``hash`` is its perceptual hash, of 64 bits.

    A frame has the row of its video in ``video_id``, and ``frame``: ``{"time", "start", "end",
    "labels"}``, in seconds, and what was seen in it alone. The best frame of a video has the labels
    of the whole video in ``labels``, each with its time ``at``: rules judge those. The other frames
    have none.
    """

    __tablename__ = "images"

    id: Mapped[int] = row_id()
    post_id: Mapped[int] = owner("posts")
    position: Mapped[int]
    source_url: Mapped[str | None]
    source_bytes: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    source_upload: Mapped[str | None]
    sha256: Mapped[str | None]
    derivative: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    hash: Mapped[int | None] = mapped_column(BigInteger)
    labels: Mapped[Json | None]
    error: Mapped[Json | None]
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"))
    frame: Mapped[Json | None]

    post: Mapped[Post] = relationship(back_populates="images")
    embeddings: Mapped[list[Embedding]] = relationship(passive_deletes=True, cascade="all")

    __table_args__ = (
        UniqueConstraint("post_id", "position"),
        Index("ix_images_video", "video_id", postgresql_where=text("video_id IS NOT NULL")),
        Index("ix_images_hash", "hash", postgresql_where=text("hash IS NOT NULL")),
    )


# Rules judge it. JSON's null is none, too: it stands in rows of frames that were written before
# ``Base`` wrote SQL's.
IS_JUDGED = func.jsonb_typeof(Image.labels) == "object"


class Embedding(MadeVector, Base):
    """An embedding of one photograph.

    A photograph has one of each network that looked at it, so that a bundle that comes back finds
    its own.
    """

    __tablename__ = "embeddings"

    image_id: Mapped[int] = mapped_column(
        ForeignKey("images.id", ondelete="CASCADE"), primary_key=True
    )


class Verdict(Base):
    """The verdict on one hashtag of a post.

    ``verdict`` is what holds now; ``model_verdict`` is what the rules said, whatever a person
    answered later. ``reason`` is ``{"en", "ko"}``; ``trace`` is how the rules came to it.
    """

    __tablename__ = "verdicts"

    id: Mapped[int] = row_id()
    post_id: Mapped[int] = owner("posts")
    position: Mapped[int]
    tag: Mapped[str]
    normalised: Mapped[str]
    verdict: Mapped[str]
    model_verdict: Mapped[str]
    category: Mapped[str | None]
    resolved_by: Mapped[str]
    confidence: Mapped[float]
    reason: Mapped[Json]
    trace: Mapped[Json]

    post: Mapped[Post] = relationship(back_populates="verdicts")

    __table_args__ = (
        UniqueConstraint("post_id", "position"),
        CheckConstraint(
            "verdict IN ('relevant', 'irrelevant', 'uncertain', 'unverifiable')",
            name="verdict_known",
        ),
        Index("ix_verdicts_feed", "normalised", "verdict", "post_id"),
        Index("ix_verdicts_category", "category", "post_id", postgresql_include=["normalised"]),
        Index(
            "ix_verdicts_unmapped",
            "normalised",
            "post_id",
            postgresql_where=text("resolved_by IN ('none', 'neighbours')"),
        ),
        # The newest hashtags that nobody understood, without the wide rows.
        Index(
            "ix_verdicts_not_understood",
            "id",
            postgresql_where=text("resolved_by IN ('none', 'neighbours')"),
            postgresql_include=["normalised", "tag", "post_id"],
        ),
        # The figures of the rules are counted from this alone, without the wide rows.
        Index(
            "ix_verdicts_figures",
            "post_id",
            postgresql_include=["category", "model_verdict", "verdict"],
        ),
    )
