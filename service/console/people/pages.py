"""The page of people: who has an account, and a form for one more."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from service.accounts import ROLES, AccountError, create, make_one_time, sign_ins
from service.console.frame.access import Permission, needs
from service.console.frame.identity import lasting
from service.console.people.words import ORDER_NAMES, problem_of
from service.parts import Parts
from service.tables import User

ORDERS = {
    "name": (User.disabled_at.is_not(None), User.name),
    "role": (User.disabled_at.is_not(None), User.role, User.name),
    "last": (User.last_sign_in_at.desc().nulls_last(), User.name),
}


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The list, and adding somebody."""

    @blueprint.get("/people")
    @needs(Permission.PEOPLE)
    def people() -> ResponseReturnValue:
        return _page(parts)

    @blueprint.post("/people")
    @needs(Permission.PEOPLE)
    def add_person() -> ResponseReturnValue:
        name, role = request.form.get("name", ""), request.form.get("role", "")
        try:
            with parts.sessions.begin() as session:
                user, password = create(session, name, role, current_user.name)
                make_one_time(user)
        except AccountError as error:
            return _page(parts, name, role, problem_of(error)), 422
        return render_template("people/new_password.html", person=user, password=password)


def _page(parts: Parts, name: str = "", role: str = ROLES[0], problem: str | None = None) -> str:
    order = request.args.get("order", "")
    order = order if order in ORDERS else "name"
    with parts.sessions() as session:
        users = session.scalars(select(User).order_by(*ORDERS[order])).all()
        lasts = lasting(parts.config)
        counts = sign_ins.count(session, [user.id for user in users], lasts)
    return render_template(
        "people/people.html",
        users=users,
        counts=counts,
        order=order,
        orders=ORDER_NAMES,
        roles=ROLES,
        name=name,
        role=role,
        problem=problem,
    )
