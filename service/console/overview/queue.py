"""How long the open cases wait, and how many were open over time."""

from __future__ import annotations

from itertools import pairwise

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from service.console.overview.charts import ChartPlace, area, histogram
from service.console.overview.section import OverviewRequest, Section
from service.console.overview.table import Column, Table
from service.console.overview.times import bound, lasts, places
from service.overview.ages import BOUNDS, ages
from service.overview.backlog import backlog


def age_section(asked: OverviewRequest) -> Section:
    """The cases that are open now, by age."""
    found = ages(asked.session, asked.scope, asked.now)
    oldest = lasts(found.oldest) if found.oldest is not None else ""
    bounds = [bound(time) for time in BOUNDS]
    names = [_("%(least)s to %(most)s", least=least, most=most) for least, most in pairwise(bounds)]
    names.append(_("%(least)s and more", least=bounds[-1]))
    axis = [ChartPlace(*texts) for texts in zip(names, bounds, strict=True)]
    return Section(
        name="ages",
        title=_("Age of the open cases"),
        figure=oldest or "–",
        detail=_waiting(found.total),
        notes=[
            _("Open now: %(count)s.", count=format_decimal(found.total)),
            *([_("The oldest waits %(time)s.", time=oldest)] if oldest else []),
        ],
        table=Table(
            [Column("age", _("Age")), Column("cases", _("Open cases"))],
            list(zip(names, found.counts, strict=True)),
        ),
        empty=_("No case is open: everybody has been answered."),
        chart=histogram(axis, found.counts, "plain") if found.total else None,
    )


def backlog_section(asked: OverviewRequest) -> Section:
    """How many cases were open at the end of each step."""
    steps = backlog(asked.session, asked.scope)
    opened, closed = sum(step.opened for step in steps), sum(step.closed for step in steps)
    some = any(step.open or step.opened for step in steps)
    return Section(
        name="backlog",
        title=_("Open cases over time"),
        figure=format_decimal(steps[-1].open if steps else 0),
        detail=_(
            "opened: %(opened)s; closed: %(closed)s",
            opened=format_decimal(opened),
            closed=format_decimal(closed),
        ),
        notes=[
            _(
                "Opened in this period: %(opened)s; closed: %(closed)s. The line is what was open "
                "at the end of each step.",
                opened=format_decimal(opened),
                closed=format_decimal(closed),
            )
        ],
        table=Table(
            [
                Column("start", _("From")),
                Column("opened", _("Opened")),
                Column("closed", _("Closed")),
                Column("open", _("Open at the end")),
            ],
            [(step.start, step.opened, step.closed, step.open) for step in steps],
        ),
        empty=_("No case was open in this period."),
        chart=area(places(asked.scope), [step.open for step in steps]) if some else None,
    )


def _waiting(count: int) -> str:
    if not count:
        return str(_("none is waiting"))
    return str(
        ngettext(
            "the only open case",
            "the oldest of %(count)s open cases",
            count,
            count=format_decimal(count),
        )
    )
