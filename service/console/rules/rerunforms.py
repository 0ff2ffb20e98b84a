"""The forms that start and stop runs of rules over stored posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from rules import RulesetError
from service.console.frame.access import Permission, needs
from service.console.rules.changes import go_back, problem
from service.console.rules.words import PERIODS, PROBLEMS, RUN_PROBLEMS
from service.incoming import whole_number
from service.parts import Parts
from service.queue import RERUN, hint
from service.reruns.start import RerunError, start_backtest, start_rejudgement, stop
from service.rulesets import store
from service.tables import Rerun


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A backtest, judging stored posts again after one, and stopping either."""

    @blueprint.post("/rules/reruns")
    @needs(Permission.RULES)
    def start_rerun() -> ResponseReturnValue:
        number = _number()
        try:
            with parts.sessions.begin() as session:
                current = parts.screener.current()
                made = start_backtest(session, number, _since(), current_user.name, current).id
        except RerunError as error:
            return go_back(RUN_PROBLEMS[error.code], "bad")
        except store.StateError as error:
            return go_back(problem(error), "bad")
        except RulesetError:
            # Its page shows the whole error, with the place.
            return redirect(url_for("console.ruleset", row_id=number), 303)
        hint(parts.queue, RERUN, made)
        return _to(made)

    @blueprint.post("/rules/reruns/<int:row_id>/rejudge")
    @needs(Permission.RULES)
    def rejudge(row_id: int) -> ResponseReturnValue:
        reason = request.form.get("reason", "").strip()
        if not reason:
            return _to(row_id, PROBLEMS["no_reason"])
        try:
            with parts.sessions.begin() as session:
                preview = session.get(Rerun, row_id) or abort(404)
                current = parts.screener.current()
                made = start_rejudgement(session, preview, current_user.name, reason, current).id
        except RerunError as error:
            return _to(row_id, RUN_PROBLEMS[error.code])
        hint(parts.queue, RERUN, made)
        return _to(made)

    @blueprint.post("/rules/reruns/<int:row_id>/stop")
    @needs(Permission.RULES)
    def stop_rerun(row_id: int) -> ResponseReturnValue:
        try:
            with parts.sessions.begin() as session:
                stop(session, row_id, current_user.name)
        except RerunError as error:
            return _to(row_id, RUN_PROBLEMS[error.code])
        flash(_("It is stopped. What it did stays."))
        return _to(row_id)


def _to(row_id: int, message: object = "") -> Response:
    if message:
        flash(str(message), "bad")
    return redirect(url_for("console.rerun", row_id=row_id), 303)


def _number() -> int | None:
    """The stored ruleset to ask; None for what is live."""
    text = request.form.get("ruleset")
    return (whole_number(text, 1) or abort(400)) if text else None


def _since() -> datetime | None:
    """The moment that the chosen period begins at; None for all posts."""
    days = request.form.get("days", "")
    if days not in PERIODS:
        abort(400)
    return datetime.now(UTC) - timedelta(days=int(days)) if days else None
