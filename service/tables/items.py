"""Items that can be recommended, what people did with them, and what is counted from that."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, MadeVector, owner, row_id


class Item(Base):
    """Something with words and pictures, or a post that passed.

    ``kind`` is item or post. A trigger adds the row of a post when it passes, sets ``available``
    with its decision, and removes the row when the post is deleted; a post's words stay in
    ``posts``. ``language`` is ko, en or empty; ``year`` is when the item was made. ``state`` is
    pending while it waits for its vector; ``claimed_by`` is the worker that is at it until
    ``claimed_until``; ``looked_by`` is what its vector depends on besides itself
    (``service/items/content.py``), or empty where more is to be seen of it. ``shuffle`` is a random
    place, from which a few are tried out each day.
    """

    __tablename__ = "items"

    id: Mapped[int] = row_id()
    kind: Mapped[str]
    external_id: Mapped[str]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(server_default="")
    text: Mapped[str] = mapped_column(server_default="")
    tags: Mapped[list[str]] = mapped_column(server_default=sql("'{}'"))
    link: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="")
    year: Mapped[int | None]
    available: Mapped[bool] = mapped_column(server_default=sql("true"))
    shuffle: Mapped[float] = mapped_column(server_default=sql("random()"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(server_default="pending")
    looked_by: Mapped[str] = mapped_column(server_default="")
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default=sql("0"))
    claimed_by: Mapped[uuid.UUID | None]
    claimed_until: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("kind", "external_id"),
        CheckConstraint("kind IN ('item', 'post')", name="kind_known"),
        CheckConstraint("state IN ('pending', 'ready')", name="state_known"),
        CheckConstraint("(kind = 'post') = (post_id IS NOT NULL)", name="post_is_named"),
        Index("ix_items_post", "post_id", postgresql_where=sql("post_id IS NOT NULL")),
        Index("ix_items_pending", "kind", "queued_at", postgresql_where=sql("state = 'pending'")),
        Index(
            "ix_items_looked",
            "kind",
            "looked_by",
            postgresql_where=sql("state = 'ready' AND available"),
        ),
        Index("ix_items_fresh", "added_at", postgresql_where=sql("available")),
        Index("ix_items_shuffle", "shuffle", postgresql_where=sql("available")),
    )


class ItemImage(Base):
    """One picture of an item, kept as it was sent so that another network can look at it.

    ``made_by`` is the network that looked at it last, ``vector`` the embedding that it made.
    ``error`` is ``{"code", "message"}`` where it could not be had or read.
    """

    __tablename__ = "item_images"

    id: Mapped[int] = row_id()
    item_id: Mapped[int] = owner("items")
    position: Mapped[int]
    source_url: Mapped[str | None]
    source_bytes: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    source_upload: Mapped[str | None]
    error: Mapped[Json | None]
    made_by: Mapped[str | None]
    vector: Mapped[Any | None] = mapped_column(HALFVEC())

    __table_args__ = (UniqueConstraint("item_id", "position"),)


class ItemVector(MadeVector, Base):
    """The content vector of an item or a post, of norm 1."""

    __tablename__ = "item_vectors"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )


class Viewer(Base):
    """A person of the platform who did something with an item.

    ``likes`` counts what the person ever began to like; each of those has its number in
    ``opinions``.
    """

    __tablename__ = "viewers"

    id: Mapped[int] = row_id()
    external_id: Mapped[str] = mapped_column(unique=True)
    likes: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))


class Interaction(Base):
    """A person viewed, liked, saved or disliked an item, for ``seconds`` where it was watched."""

    __tablename__ = "interactions"

    id: Mapped[int] = row_id()
    external_id: Mapped[str] = mapped_column(unique=True)
    viewer_id: Mapped[int] = owner("viewers")
    item_id: Mapped[int] = owner("items")
    kind: Mapped[str]
    seconds: Mapped[float | None]
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())

    __table_args__ = (
        CheckConstraint("kind IN ('view', 'like', 'save', 'dislike')", name="kind_known"),
        Index("ix_interactions_seen", "viewer_id", "item_id"),
        Index("ix_interactions_item", "item_id"),
        Index("ix_interactions_received", "received_at"),
    )


class Opinion(Base):
    """What a person thinks of an item, by the latest like, save or dislike.

    ``nth`` is the place of a liked item in the order in which the person came to like things.
    """

    __tablename__ = "opinions"

    viewer_id: Mapped[int] = mapped_column(
        ForeignKey("viewers.id", ondelete="CASCADE"), primary_key=True
    )
    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    nth: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_opinions_liked", "viewer_id", "nth", postgresql_where=sql("nth IS NOT NULL")),
        Index("ix_opinions_item", "item_id"),
    )


class ItemPair(Base):
    """How many people came to like both items within a few of each other; stored both ways."""

    __tablename__ = "item_pairs"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int]

    __table_args__ = (
        Index("ix_item_pairs_ranked", "item_id", sql("n DESC"), "other_id"),
        Index("ix_item_pairs_other", "other_id"),
    )


class ItemCount(Base):
    """How often an item was viewed, liked, saved and disliked.

    ``heat`` is its popularity, in which an event counts less the older it is: the natural logarithm
    of a sum that grows with each event and never has to be worked out anew
    (``service/recommend/heat.py``).
    """

    __tablename__ = "item_counts"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    views: Mapped[int] = mapped_column(BigInteger)
    likes: Mapped[int] = mapped_column(BigInteger)
    saves: Mapped[int] = mapped_column(BigInteger)
    dislikes: Mapped[int] = mapped_column(BigInteger)
    heat: Mapped[float | None]

    __table_args__ = (Index("ix_item_counts_heat", "heat"),)
