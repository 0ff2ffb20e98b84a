"""The overview's section on callbacks: delivered, on their way, given up."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from service.console.overview.charts import Kind, stacked
from service.console.overview.section import OverviewRequest, Section
from service.console.overview.table import Column, Table
from service.console.overview.times import places
from service.overview.callbacks import STATES, callbacks_by_state

TONES = {
    "delivered": "light",
    "pending": "hatched",
    "dead": "solid",
    "withdrawn": "muted",
    "overtaken": "muted",
}


def section(asked: OverviewRequest) -> Section:
    """Callbacks that were owed in the period, by what became of them."""
    steps = callbacks_by_state(asked.session, asked.scope)
    titles = {
        "delivered": _("delivered"),
        "pending": _("on its way"),
        "dead": _("given up"),
        "withdrawn": _("taken back"),
        "overtaken": _("overtaken"),
    }
    kinds = [Kind(name, titles[name], TONES[name]) for name in STATES]
    sums = {name: sum(step.counts.get(name, 0) for step in steps) for name in STATES}
    total, dead = sum(sums.values()), format_decimal(sums["dead"])
    waiting = format_decimal(sums["pending"])
    return Section(
        name="callbacks",
        title=_("Callbacks"),
        figure=dead,
        detail=_("given up; on their way: %(count)s", count=waiting),
        notes=[
            ", ".join(f"{kind.title} {format_decimal(sums[kind.name])}" for kind in kinds),
            _(
                "By the time at which they came up. What was undone before it was sent is taken "
                "back."
            ),
        ],
        table=Table(
            [
                Column("start", _("From")),
                *(Column(kind.name, kind.title) for kind in kinds),
            ],
            [(step.start, *(step.counts.get(name, 0) for name in STATES)) for step in steps],
        ),
        empty=_("There was no callback to send in this period."),
        chart=stacked(places(asked.scope), [step.counts for step in steps], kinds)
        if total
        else None,
        warning=_(
            "Given up: %(count)s. The platform does not know these decisions; admins send them "
            "again on the page Callbacks.",
            count=dead,
        )
        if sums["dead"]
        else "",
    )
