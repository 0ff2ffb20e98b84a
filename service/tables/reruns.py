"""Background runs of rules over stored posts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, Json, row_id


class Rerun(Base):
    """One run over the decided posts that were received since some moment, in the order of their
    rows.

    ``kind`` is backtest (counts what would change) or rejudgement (changes it). ``ruleset_id`` is
    the ruleset that is asked; null: the file that the settings name. ``preview_id`` is the
    backtest that a rejudgement was started from.

    ``state`` is running, done, stopped, overtaken (other rules went live) or failed; ``ended_by``
    says who stopped it, or what failed. ``reached`` is the last post that was looked at, ``seen``
    how many were, of ``total``. ``waiting`` are posts that a person had open: they are looked at
    in the end. ``lexicon`` is the digest of the lexicon that it began with, ``lexicon_now`` of the
    one that it used last. ``leased_until`` is set while a worker is at it. ``result`` is what was
    counted.
    """

    __tablename__ = "reruns"

    id: Mapped[int] = row_id()
    kind: Mapped[str]
    ruleset_id: Mapped[int | None] = mapped_column(ForeignKey("rulesets.id"))
    ruleset: Mapped[str]
    lexicon: Mapped[str]
    lexicon_now: Mapped[str]
    preview_id: Mapped[int | None] = mapped_column(ForeignKey("reruns.id", ondelete="SET NULL"))
    since: Mapped[datetime | None]
    who: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="running")
    ended_by: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    reached: Mapped[int] = mapped_column(BigInteger, default=0)
    seen: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    waiting: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    result: Mapped[Json] = mapped_column(default=dict)

    __table_args__ = (
        CheckConstraint("kind IN ('backtest', 'rejudgement')", name="kind_known"),
        CheckConstraint(
            "state IN ('running', 'done', 'stopped', 'overtaken', 'failed')", name="state_known"
        ),
        # Two that change the same posts at once would undo each other's work.
        Index(
            "uq_reruns_rejudgement",
            "kind",
            unique=True,
            postgresql_where=text("kind = 'rejudgement' AND state = 'running'"),
        ),
        Index("ix_reruns_kind", "kind", "id"),
    )
