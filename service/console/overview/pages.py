"""The overview: how the service is doing, as charts, and the table behind each as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from service.console.frame.access import Permission, needs
from service.console.frame.words import Words
from service.console.overview import agreement, callbacks, labels, posts, queue, reviewtime
from service.console.overview.section import OverviewRequest, Section
from service.console.overview.shown import shown
from service.overview.scope import PERIODS, scope_of
from service.parts import Parts
from service.waits import current

SECTIONS: Mapping[str, Callable[[OverviewRequest], Section]] = {
    "posts": posts.section,
    "ages": queue.age_section,
    "backlog": queue.backlog_section,
    "flags": agreement.flags_section,
    "spot_checks": agreement.spot_checks_section,
    "labels": labels.section,
    "reviews": reviewtime.section,
    "callbacks": callbacks.section,
}
PART_TITLES = {
    "store": _("the image store"),
    "database": _("the database"),
    "disk": _("the disk"),
    "model": _("the model bundle or the rules"),
}
PERIOD_TITLES = {"24h": _("24 hours"), "7d": _("7 days"), "30d": _("30 days")}


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and the table of each section as CSV."""

    def asked(session: Session) -> OverviewRequest:
        now = datetime.now(UTC)
        ahead = now.astimezone(get_timezone()).utcoffset() or timedelta(0)
        scope = scope_of(request.args.get("period"), request.args.get("category"), now, ahead)
        return OverviewRequest(session, scope, now, Words(parts.screener.current()))

    @blueprint.get("/overview")
    @needs(Permission.OVERVIEW)
    def overview() -> ResponseReturnValue:
        with parts.sessions() as session:
            what = asked(session)
            sections = [build(what) for build in SECTIONS.values()]
            waits = current(session)
        return render_template(
            "overview/overview.html",
            sections=sections,
            waits=waits,
            PART_TITLES=PART_TITLES,
            scope=what.scope,
            now=what.now,
            periods=PERIODS,
            PERIOD_TITLES=PERIOD_TITLES,
            categories=_categories(what),
            shown=shown,
        )

    @blueprint.get("/overview/<name>.csv")
    @needs(Permission.OVERVIEW)
    def overview_file(name: str) -> ResponseReturnValue:
        if name not in SECTIONS:
            abort(404)
        with parts.sessions() as session:
            what = asked(session)
            table = SECTIONS[name](what).table
        file = f"{name}-{what.scope.period.name}.csv"
        disposition = {"Content-Disposition": f'attachment; filename="{file}"'}
        return Response(table.as_csv(), mimetype="text/csv", headers=disposition)


def _categories(asked: OverviewRequest) -> Mapping[str, Mapping[str, str]]:
    """Titles of the categories to choose from: those with a rule, and the one that is chosen."""
    ruleset, chosen = asked.words.screen.ruleset, asked.scope.category
    names = [
        name for name, category in ruleset.categories.items() if category.rule or name == chosen
    ]
    if chosen is not None and chosen not in names:
        names.append(chosen)
    return {name: asked.words.category(name) or {} for name in names}
