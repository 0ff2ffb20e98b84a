"""What an admin changes about a person: role, sessions, and whether the account is open."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service import accounts
from service.accounts import AccountError
from service.console.frame.access import Permission, needs
from service.console.people.words import problem_of
from service.parts import Parts
from service.tables import User


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """One address for each change; all lead back to the person's page."""

    @blueprint.post("/people/<int:row_id>/role")
    @needs(Permission.PEOPLE)
    def change_persons_role(row_id: int) -> ResponseReturnValue:
        role = request.form.get("role", "")
        return change(
            row_id,
            lambda session, name: accounts.change_role(session, name, role, current_user.name),
            _(
                "The role is changed. It applies from the next sign-in on; "
                "the account's sessions have ended."
            ),
        )

    @blueprint.post("/people/<int:row_id>/disable")
    @needs(Permission.PEOPLE)
    def disable_person(row_id: int) -> ResponseReturnValue:
        return change(
            row_id,
            lambda session, name: accounts.disable(session, name, current_user.name),
            _("The account is disabled, and its sessions have ended."),
        )

    @blueprint.post("/people/<int:row_id>/enable")
    @needs(Permission.PEOPLE)
    def enable_person(row_id: int) -> ResponseReturnValue:
        return change(
            row_id,
            lambda session, name: accounts.enable(session, name, current_user.name),
            _("The account is open again, with the password it had."),
        )

    @blueprint.post("/people/<int:row_id>/sessions")
    @needs(Permission.PEOPLE)
    def end_persons_sessions(row_id: int) -> ResponseReturnValue:
        return change(
            row_id,
            lambda session, name: accounts.end_sessions(session, name, current_user.name),
            _("Every session of this account has ended."),
        )

    def change(
        row_id: int, make: Callable[[Session, str], object], done: str
    ) -> ResponseReturnValue:
        try:
            with parts.sessions.begin() as session:
                user = session.get(User, row_id) or abort(404)
                make(session, user.name)
        except AccountError as error:
            flash(problem_of(error), "bad")
        else:
            flash(done)
        return redirect(url_for("console.person", row_id=row_id), 303)
