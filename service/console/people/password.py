"""The page where everybody chooses their own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.accounts import AccountError, choose_password
from service.accounts.passwords import SHORTEST
from service.audit import record
from service.console.frame.access import Permission, needs
from service.console.frame.language import local_path
from service.console.frame.limits import Tries, limited
from service.console.frame.refused import where
from service.console.people.words import problem_of
from service.parts import Parts


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and its form: limited in rate, as a stolen session could guess here, too."""

    @blueprint.get("/password")
    @needs(Permission.SETTINGS)
    def own_password() -> ResponseReturnValue:
        return _page()

    @needs(Permission.SETTINGS)
    def change_password() -> ResponseReturnValue:
        form = request.form
        chosen = form.get("chosen", "")
        if chosen != form.get("again", ""):
            return _page(_("The two new passwords differ.")), 422
        try:
            choose_password(
                parts.sessions, current_user.id, form.get("current", ""), chosen, current_user.token
            )
        except AccountError as error:
            return _refuse(parts, error)
        flash(_("Your password is changed. Your other sessions have ended."))
        return redirect(local_path(None), 303)

    blueprint.add_url_rule(
        "/password",
        "change_password",
        limited(
            change_password,
            Tries(parts.config.redis_url, "password"),
            {"account": parts.config.signin_limit},
            lambda: {"account": str(current_user.id)},
        ),
        methods=["POST"],
    )


def _refuse(parts: Parts, error: AccountError) -> ResponseReturnValue:
    if error.code != "wrong_password":
        return _page(problem_of(error)), 422
    with parts.sessions.begin() as session:
        name = current_user.name
        record(session, name, "account.password_refused", f"user:{name}", where())
    return _page(problem_of(error)), 401


def _page(problem: str = "") -> str:
    return render_template("people/own_password.html", problem=problem, shortest=SHORTEST)
