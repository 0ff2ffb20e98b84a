"""How long a review takes."""

from __future__ import annotations

from itertools import pairwise

from flask_babel import format_decimal
from flask_babel import gettext as _

from service.console.overview.charts import ChartPlace, histogram
from service.console.overview.section import OverviewRequest, Section
from service.console.overview.table import Column, Table
from service.overview.reviewtime import BOUNDS_SECONDS, review_times


def section(asked: OverviewRequest) -> Section:
    """Reviews of the period by seconds."""
    found = review_times(asked.session, asked.scope)
    bounds = [format_decimal(bound) for bound in BOUNDS_SECONDS]
    names = [
        _("%(least)s to %(most)s s", least=least, most=most) for least, most in pairwise(bounds)
    ]
    names.append(_("%(least)s s and more", least=bounds[-1]))
    axis = [ChartPlace(*texts) for texts in zip(names, bounds, strict=True)]
    total = format_decimal(found.total)
    notes = [_("Seconds from taking a case to its answer. Answers that were undone do not count.")]
    if found.quantiles:
        quarter, half, three, ninth = (_seconds(value) for value in found.quantiles)
        notes.insert(
            0,
            _(
                "Half of the answers took at most %(half)s s, the middle half %(quarter)s to "
                "%(three)s s, nine out of ten at most %(ninth)s s.",
                half=half,
                quarter=quarter,
                three=three,
                ninth=ninth,
            ),
        )
    return Section(
        name="reviews",
        title=_("Time per review"),
        figure=_("%(count)s s", count=_seconds(found.median)) if found.median is not None else "–",
        detail=_("the median of %(count)s", count=total) if found.total else _("no review yet"),
        notes=notes,
        table=Table(
            [Column("seconds", _("Seconds")), Column("reviews", _("Reviews"))],
            list(zip(names, found.counts, strict=True)),
        ),
        empty=_("Nobody answered a case in this period."),
        chart=histogram(axis, found.counts, "plain") if found.total else None,
    )


def _seconds(value: float) -> str:
    return str(format_decimal(round(value, 1)))
