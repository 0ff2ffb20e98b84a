"""Counts that are updated with changes, so that no query has to count the rows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from service.tables.base import Base, row_id


class Tally(Base):
    """A part of a count; the count of a ``key`` is the sum of its rows.

    Triggers add rows and never change one, so that writers do not wait for each other. The sweep
    adds them up. ``name`` is what is counted: ``posts`` (key: state and decision), ``deliveries``
    (state) or ``shadow`` and the ruleset's number (the live verdict and its own).
    """

    __tablename__ = "tallies"

    id: Mapped[int] = row_id()
    name: Mapped[str]
    key: Mapped[str]
    n: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_tallies_name", "name"),)


class StaleHour(Base):
    """An hour whose figures must be counted again. Triggers add rows; the sweep removes them."""

    __tablename__ = "stale_hours"

    id: Mapped[int] = row_id()
    hour: Mapped[datetime]

    __table_args__ = (Index("ix_stale_hours_hour", "hour"),)


class HourlyFigure(Base):
    """One figure of one hour (of UTC), as the sweep counted it last.

    ``category`` is empty where all posts count; ``kind`` is a decision, a state, a verdict or a
    label. ``hits`` of ``n`` is a share. ``service/hourly/count.py`` defines each figure.
    """

    __tablename__ = "hourly_figures"

    id: Mapped[int] = row_id()
    hour: Mapped[datetime]
    figure: Mapped[str]
    category: Mapped[str]
    kind: Mapped[str]
    bundle: Mapped[str]
    ruleset: Mapped[str]
    n: Mapped[int] = mapped_column(BigInteger)
    hits: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_hourly_figures_hour", "hour"),
        Index("ix_hourly_figures_figure", "figure", "category", "hour"),
    )
