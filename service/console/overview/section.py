"""One part of the overview, and what it is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intervals import Share
from service.console.frame.words import Words
from service.console.overview.charts import Chart
from service.console.overview.spark import Spark
from service.console.overview.table import Table
from service.overview.drift import Drift
from service.overview.scope import Scope


@dataclass(frozen=True)
class OverviewRequest:
    """What somebody wants to see, and where it is found."""

    session: Session
    scope: Scope
    now: datetime
    words: Words


@dataclass(frozen=True)
class ShareGroup:
    """Shares that are drawn below each other, with their intervals on one scale."""

    title: str
    rows: Sequence[tuple[str, Share]]


@dataclass(frozen=True)
class DriftRow:
    """A label's share before and now, its days as a line, and what they come to in words."""

    title: str
    drift: Drift
    spark: Spark
    change: str
    finding: str


@dataclass(frozen=True)
class Section:
    """One part of the page.

    ``figure`` and ``detail`` stand at the top of the page. ``notes`` say in words what is drawn.
    What is drawn is a chart, or groups of shares, or drifts; where there is nothing to draw,
    ``empty`` says why. ``warning`` is what somebody should look at soon.
    """

    name: str
    title: str
    figure: str
    detail: str
    notes: Sequence[str]
    table: Table
    empty: str
    chart: Chart | None = None
    shares: Sequence[ShareGroup] = ()
    drifts: Sequence[DriftRow] = ()
    warning: str = ""
