"""Whether labels are seen more or less often than in the weeks before."""

from __future__ import annotations

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from service.console.frame.texts import localised
from service.console.overview.section import DriftRow, OverviewRequest, Section
from service.console.overview.shown import shown
from service.console.overview.spark import spark
from service.console.overview.table import Column, Table
from service.console.overview.times import date
from service.overview.drift import LEVEL, Drift, Finding, drifts, together
from service.overview.labels import LabelDays, labels_before, labels_now


def section(asked: OverviewRequest) -> Section:
    """Each label of the live bundle, day by day."""
    bundle = asked.words.screen.bundle
    names = [label.name for label in bundle.labels]
    before = labels_before(asked.session, asked.scope, bundle.id, names)
    now = labels_now(asked.session, asked.scope, bundle.id, names)
    found = drifts(before.shares, {name: together(days) for name, days in now.shares.items()})
    photographs = max((drift.now.of for drift in found.values()), default=0)
    odd = [name for name in names if found[name].finding is Finding.BEYOND_CHANCE]
    told = any(drift.p is not None for drift in found.values())
    titles = {name: localised(asked.words.label(name)) for name in names}
    return Section(
        name="labels",
        title=_("Drift of the labels"),
        figure=format_decimal(len(odd)) if told else "–",
        detail=ngettext(
            "beyond chance, of %(count)s label",
            "beyond chance, of %(count)s labels",
            len(names),
            count=format_decimal(len(names)),
        )
        if told
        else _("too little to tell a drift"),
        notes=_notes(asked, bundle.id, photographs),
        table=_table(before, now, titles),
        empty=_("No photograph of this period has been looked at by the live bundle."),
        drifts=[
            _row(titles[name], found[name], before, now, name)
            for name in sorted(names, key=lambda name: _order(found[name]))
        ]
        if photographs
        else (),
        warning=_(
            "Seen more or less often than chance and ordinary days explain: %(labels)s.",
            labels=", ".join(titles[name] for name in odd),
        )
        if odd
        else "",
    )


def _notes(asked: OverviewRequest, bundle: str, photographs: int) -> list[str]:
    return [
        _(
            "The share of photographs in which a label is true, since %(when)s (photographs: "
            "%(count)s) and in the four weeks before. Only what the live bundle %(bundle)s saw is "
            "compared.",
            count=format_decimal(photographs),
            when=date(asked.scope.clock(asked.scope.start)),
            bundle=bundle,
        ),
        _(
            "Beyond chance: a test of two proportions, its variance scaled by how much the days "
            "before differ among themselves, corrected for the number of labels, finds less "
            "than %(level)s.",
            level=shown(LEVEL),
        ),
    ]


def _row(title: str, drift: Drift, before: LabelDays, now: LabelDays, name: str) -> DriftRow:
    drawn = spark(before.shares[name], now.shares[name])
    change = "–"
    if drift.before.value is not None and drift.now.value is not None:
        points = round(100 * (drift.now.value - drift.before.value), 1)
        change = str(format_decimal(points, "+#,##0.0;−#,##0.0")) if points else "0"
    return DriftRow(title, drift, drawn, change, _finding(drift))


def _finding(drift: Drift) -> str:
    if drift.finding is Finding.BEYOND_CHANCE:
        more = (drift.now.value or 0) > (drift.before.value or 0)
        return str(_("beyond chance: more") if more else _("beyond chance: less"))
    told = drift.finding is Finding.WITHIN_CHANCE
    return str(_("within chance") if told else _("too little to tell"))


def _order(drift: Drift) -> tuple[float, float]:
    """What is least likely to be chance first, then what is seen most."""
    return (1.0 if drift.p is None else drift.p), -(drift.now.value or 0)


def _table(before: LabelDays, now: LabelDays, titles: dict[str, str]) -> Table:
    columns = [
        Column("day", _("From")),
        Column("photographs", _("Photographs")),
        *(Column(name, title) for name, title in titles.items()),
    ]
    rows = []
    for part in (before, now):
        for number, day in enumerate(part.days):
            shares = [part.shares[name][number] for name in titles]
            rows.append((day, shares[0].of, *(share.value for share in shares)))
    return Table(columns, rows)
