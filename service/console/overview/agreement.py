"""Flags that people confirm, and passes that spot checks overturn."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_decimal
from flask_babel import gettext as _

from intervals import Share
from service.console.frame.texts import localised, percent
from service.console.overview.section import OverviewRequest, Section, ShareGroup
from service.console.overview.table import Cell, Column, Table
from service.overview.precision import flags_confirmed
from service.overview.shares import Shares
from service.overview.spot_checks import passes_overturned


def flags_section(asked: OverviewRequest) -> Section:
    """The live precision."""
    found = flags_confirmed(asked.session, asked.scope)
    return Section(
        name="flags",
        title=_("Flags that people confirm"),
        figure=_figure(found.total),
        detail=_detail(found.total) or _("none settled yet"),
        notes=[
            _(
                "Of the posts received in this period that the model flagged and a person settled: "
                "how many stay flagged, with a %(level)s interval.",
                level=percent(0.95),
            )
        ],
        table=_table(found, "confirmed", _("Confirmed"), "settled", _("Settled")),
        empty=_("No flagged post of this period has been settled yet."),
        shares=_groups(asked, found),
    )


def spot_checks_section(asked: OverviewRequest) -> Section:
    """What the flags miss."""
    found = passes_overturned(asked.session, asked.scope)
    return Section(
        name="spot_checks",
        title=_("Passes that spot checks overturn"),
        figure=_figure(found.total),
        detail=_detail(found.total) or _("none checked yet"),
        notes=[
            _(
                "Of the posts received in this period that passed and were drawn for a spot check: "
                "in how many a person denied a hashtag, with a %(level)s interval.",
                level=percent(0.95),
            )
        ],
        table=_table(found, "overturned", _("Overturned"), "checked", _("Checked")),
        empty=_("No post of this period that passed has been checked yet."),
        shares=_groups(asked, found),
    )


def _figure(share: Share) -> str:
    return "–" if share.value is None else percent(share.value)


def _detail(share: Share) -> str:
    if share.low is None or share.high is None:
        return ""
    low, high, count = percent(share.low), percent(share.high), format_decimal(share.of)
    return str(_("%(low)s to %(high)s, of %(count)s", low=low, high=high, count=count))


def _groups(asked: OverviewRequest, found: Shares) -> Sequence[ShareGroup]:
    if not found.total.of:
        return ()
    categories = [
        (localised(asked.words.category(name)), share) for name, share in found.by_category.items()
    ]
    versions = [
        (f"{bundle} · {ruleset}", share) for (bundle, ruleset), share in found.by_version.items()
    ]
    return (
        ShareGroup(_("All"), [(_("All posts"), found.total)]),
        ShareGroup(_("By category"), categories if asked.scope.category is None else []),
        ShareGroup(_("By bundle and ruleset"), versions),
    )


def _table(found: Shares, hits: str, hits_title: str, of: str, of_title: str) -> Table:
    columns = [
        Column("category", _("Category")),
        Column("bundle", _("Bundle")),
        Column("ruleset", _("Ruleset")),
        Column(hits, hits_title),
        Column(of, of_title),
        Column("share", _("Share")),
        Column("low", _("At least")),
        Column("high", _("At most")),
    ]
    rows = [
        _row(None, None, None, found.total),
        *(_row(name, None, None, share) for name, share in found.by_category.items()),
        *(_row(None, *version, share) for version, share in found.by_version.items()),
    ]
    return Table(columns, rows)


def _row(
    category: str | None, bundle: str | None, ruleset: str | None, share: Share
) -> tuple[Cell, ...]:
    return category, bundle, ruleset, share.hits, share.of, share.value, share.low, share.high
