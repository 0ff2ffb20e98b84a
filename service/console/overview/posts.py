"""The overview's section on posts by the model's decision, over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import format_decimal
from flask_babel import gettext as _

from service.console.overview.charts import Kind, stacked
from service.console.overview.section import OverviewRequest, Section
from service.console.overview.table import Cell, Column, Table
from service.console.overview.times import places
from service.console.posts.words import DECISIONS
from service.overview.traffic import DECISIONS as ORDER
from service.overview.traffic import posts_by_decision

TONES = {"pass": "light", "review": "hatched", "flag": "solid"}


def section(asked: OverviewRequest) -> Section:
    """Every decided post of the period."""
    steps = posts_by_decision(asked.session, asked.scope)
    titles = {
        "24h": _("Posts by decision, per hour"),
        "7d": _("Posts by decision, per six hours"),
        "30d": _("Posts by decision, per day"),
    }
    kinds = [Kind(name, str(DECISIONS[name]), TONES[name]) for name in ORDER]
    sums = {name: sum(step.counts.get(name, 0) for step in steps) for name in ORDER}
    total = sum(sums.values())
    hours = (asked.now - asked.scope.start) / timedelta(hours=1)
    rate = format_decimal(round(total / hours, 1))
    said = ", ".join(f"{kind.title} {format_decimal(sums[kind.name])}" for kind in kinds)
    rows: list[Sequence[Cell]] = [
        (step.start, *(step.counts.get(name, 0) for name in ORDER), step.total) for step in steps
    ]
    columns = [
        Column("start", _("From")),
        *(Column(name, kind.title) for name, kind in zip(ORDER, kinds, strict=True)),
        Column("posts", _("Posts")),
    ]
    return Section(
        name="posts",
        title=titles[asked.scope.period.name],
        figure=format_decimal(total),
        detail=_("%(rate)s an hour", rate=rate),
        notes=[
            said,
            _(
                "What the model decided, whatever a person answered since. The last column is "
                "still growing."
            ),
        ],
        table=Table(columns, rows),
        empty=_("No post was decided in this period."),
        chart=stacked(places(asked.scope), [step.counts for step in steps], kinds)
        if total
        else None,
    )
