"""The page of quality: how far moderators agree, how controls were answered, what waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.console.frame.access import GRANTED, Permission, needs
from service.console.frame.words import Words
from service.console.quality.tables import BY_CATEGORY, BY_MODERATOR
from service.console.quality.words import ORIGINS, PERIODS
from service.parts import Parts
from service.quality import controls
from service.quality.answered import answered_controls
from service.quality.csvfile import write_csv
from service.quality.figures import figures
from service.quality.kappa import ENOUGH
from service.quality.second_looks import looked_at_twice
from service.quality.waiting import waiting
from service.tables import User

USUAL = 30
SHOWN = 50
ABLE = frozenset(role for role, granted in GRANTED.items() if Permission.SETTLE in granted)


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, its figures as a file, and the posts that are controls."""

    @blueprint.get("/quality")
    @needs(Permission.QUALITY)
    def quality() -> ResponseReturnValue:
        return _page(parts)

    @blueprint.get("/quality/agreement.csv")
    @needs(Permission.QUALITY)
    def quality_file() -> Response:
        days = days_asked()
        with parts.sessions() as session:
            since = since_days(days)
            measured = figures(looked_at_twice(session, since), answered_controls(session, since))
        disposition = {"Content-Disposition": f'attachment; filename="agreement-{days}d.csv"'}
        return Response(write_csv(measured), mimetype="text/csv", headers=disposition)

    @blueprint.post("/quality/controls")
    @needs(Permission.QUALITY)
    def choose_control() -> ResponseReturnValue:
        name = request.form.get("post", "").strip()
        try:
            with parts.sessions.begin() as session:
                post = controls.choose(session, name, session.get_one(User, current_user.id))
        except controls.ControlError as error:
            return _page(parts, name, _problem(error, name)), 422
        flash(_("Post %(post)s is a control from now on.", post=post.external_id))
        return redirect(url_for("console.quality", days=days_asked()) + "#controls", 303)

    @blueprint.post("/quality/controls/<int:row_id>/aside")
    @needs(Permission.QUALITY)
    def put_control_aside(row_id: int) -> ResponseReturnValue:
        try:
            with parts.sessions.begin() as session:
                user = session.get_one(User, current_user.id)
                post = controls.put_aside(session, row_id, user)
        except controls.ControlError:
            flash(_("This post is no control any more."), "bad")
        else:
            flash(_("Post %(post)s is no control any more.", post=post.external_id))
        return redirect(url_for("console.quality", days=days_asked()) + "#controls", 303)


def _page(parts: Parts, name: str = "", problem: str | None = None) -> str:
    days = days_asked()
    with parts.sessions() as session:
        return _rendered(session, parts, days, name, problem)


def _rendered(session: Session, parts: Parts, days: int, name: str, problem: str | None) -> str:
    twice = looked_at_twice(session, since_days(days))
    answered = answered_controls(session, since_days(days))
    differing = [one for one in twice if one.differing]
    wrong = [one for one in answered if not one.is_right]
    return render_template(
        "quality/quality.html",
        days=days,
        periods=PERIODS,
        measured=figures(twice, answered),
        differing=differing[:SHOWN],
        differing_count=len(differing),
        wrong=wrong[:SHOWN],
        wrong_count=len(wrong),
        answered_count=len(answered),
        waiting=waiting(session, ABLE),
        controls=controls.listed(session, SHOWN),
        origins=controls.counted(session),
        shares=parts.config,
        words=Words(parts.screener.current()),
        name=name,
        problem=problem,
        by_category=BY_CATEGORY,
        by_moderator=BY_MODERATOR,
        ENOUGH=ENOUGH,
        ORIGINS=ORIGINS,
    )


def days_asked() -> int:
    """The days that the page is about."""
    asked = request.values.get("days", type=int)
    return asked if asked in PERIODS else USUAL


def since_days(days: int) -> datetime:
    """The beginning of so many days."""
    return datetime.now(UTC) - timedelta(days=days)


def _problem(error: controls.ControlError, name: str) -> str:
    if error.why == "unknown":
        return str(_("No post has the id “%(post)s”.", post=name))
    return str(_("No person has settled “%(post)s”, so no right answer is known.", post=name))
