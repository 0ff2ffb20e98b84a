"""The forms that change a ruleset's state."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from rules import RulesetError
from service.console.frame.access import Permission, needs
from service.console.rules.words import DONE, PROBLEMS
from service.incoming import whole_number
from service.parts import Parts
from service.rulesets import store


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Shadow, live, retired, and back to what was live before."""

    @blueprint.post("/rules/rollback")
    @needs(Permission.RULES)
    def roll_back_rules() -> ResponseReturnValue:
        if not _reason():
            return go_back(PROBLEMS["no_reason"], "bad")
        try:
            with parts.sessions.begin() as session:
                seen = whole_number(request.form.get("seen"))
                back = store.roll_back(session, current_user.name, _reason(), seen)
        except store.StateError as error:
            return go_back(problem(error), "bad")
        if back is None:
            return go_back(_("The rules of the settings are live again."))
        return go_back(_("%(name)s is live again.", name=back.name))

    @blueprint.post("/rules/<int:row_id>/<action>")
    @needs(Permission.RULES)
    def change_ruleset(row_id: int, action: str) -> ResponseReturnValue:
        if action not in DONE:
            abort(404)
        if not _reason():
            return go_back(PROBLEMS["no_reason"], "bad")
        try:
            with parts.sessions.begin() as session:
                _change(session, parts, row_id, action)
        except store.StateError as error:
            return go_back(problem(error), "bad")
        except RulesetError:
            # Its page shows the whole error, with the place.
            return redirect(url_for("console.ruleset", row_id=row_id), 303)
        return go_back(DONE[action])


def go_back(message: object, kind: str = "message") -> Response:
    """To the page of rules, with a message."""
    flash(str(message), kind)
    return redirect(url_for("console.rules"), 303)


def problem(error: store.StateError) -> str:
    """Why a state cannot be changed, in the language of the page."""
    return str(PROBLEMS[error.code])


def _change(session: Session, parts: Parts, number: int, action: str) -> None:
    who, why = current_user.name, _reason()
    if action == "promote":
        seen = whole_number(request.form.get("seen"))
        store.promote(session, number, who, why, parts.screener.current(), seen)
    elif action == "shadow":
        store.shadow(session, number, who, why, parts.screener.current())
    else:
        store.retire(session, number, who, why)


def _reason() -> str:
    return request.form.get("reason", "").strip()
