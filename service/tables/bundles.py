"""Promotions of bundles, and the progress of computing stored embeddings again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, row_id


class BundlePromotion(Base):
    """A bundle became live. Rolling back undoes the newest of its kind that is not undone.

    ``kind`` is as in ``live``: bundle or items. ``path`` is the folder of the stored copy;
    ``embedding_id`` names the network that makes its embeddings or vectors; ``figures`` has the
    comparison.
    """

    __tablename__ = "bundle_promotions"

    id: Mapped[int] = row_id()
    kind: Mapped[str] = mapped_column(server_default="bundle")
    bundle: Mapped[str]
    path: Mapped[str]
    embedding_id: Mapped[str]
    figures: Mapped[Json]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[str]
    reason: Mapped[str]
    undone: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (CheckConstraint("kind IN ('bundle', 'items')", name="kind_known"),)


class Reembedding(Base):
    """Stored photographs get the embedding of another network, in the order of their rows.

    ``reached`` is the last row that was looked at; ``failed`` counts copies of photographs that
    could not be read. It is over when a whole pass (``made_in_pass``) found nothing more to do.
    """

    __tablename__ = "reembeddings"

    made_by: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    reached: Mapped[int] = mapped_column(BigInteger, default=0)
    made: Mapped[int] = mapped_column(BigInteger, default=0)
    made_in_pass: Mapped[int] = mapped_column(BigInteger, default=0)
    failed: Mapped[int] = mapped_column(BigInteger, default=0)
