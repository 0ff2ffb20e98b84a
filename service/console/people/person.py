"""The page of one person, and a new password for them."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from service import accounts
from service.accounts import sign_ins
from service.console.frame.access import Permission, needs
from service.console.frame.identity import lasting
from service.parts import Parts
from service.tables import User


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and the one-time password, which is shown in the answer."""

    @blueprint.get("/people/<int:row_id>")
    @needs(Permission.PEOPLE)
    def person(row_id: int) -> ResponseReturnValue:
        with parts.sessions() as session:
            user = session.get(User, row_id) or abort(404)
            counts = sign_ins.count(session, [user.id], lasting(parts.config))
        return render_template(
            "people/person.html",
            person=user,
            sessions=counts.get(user.id, 0),
            roles=accounts.ROLES,
            is_me=user.id == current_user.id,
        )

    @blueprint.post("/people/<int:row_id>/password")
    @needs(Permission.PEOPLE)
    def reset_persons_password(row_id: int) -> ResponseReturnValue:
        if row_id == current_user.id:  # a page closed too soon would lock them out
            return redirect(url_for("console.own_password"), 303)
        with parts.sessions.begin() as session:
            user = session.get(User, row_id) or abort(404)
            password = accounts.reset_password(session, user.name, current_user.name)
            accounts.make_one_time(user)
        return render_template("people/new_password.html", person=user, password=password)
