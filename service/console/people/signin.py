"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from service.accounts import AccountError, named, sign_ins, spelled, tried, verify
from service.audit import record
from service.audit.refusals import Refusal, Refusals
from service.client_address import network
from service.console.frame.access import Permission, needs
from service.console.frame.identity import lasting, sign_in_as
from service.console.frame.language import local_path
from service.console.frame.limits import Tries, limited
from service.console.frame.refused import ANYBODY, where
from service.parts import Parts
from service.tables import User

LONGEST_NAME = 64


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Sign-in, limited in rate for each address and each name, and sign-out."""
    refusals = Refusals(parts.sessions)

    @blueprint.get("/sign-in")
    @needs(Permission.NOTHING)
    def sign_in() -> ResponseReturnValue:
        if current_user.is_authenticated:
            return redirect(local_path(request.args.get("next")), 303)
        return _form()

    @needs(Permission.NOTHING)
    def check_sign_in() -> ResponseReturnValue:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        try:
            with parts.sessions() as database:
                found = named(database, name)
            user = verify(found, password)
        except AccountError:
            return _refuse(
                parts, refusals, name, "disabled", _("This account is disabled. Ask an admin.")
            )
        token = _begin(parts, user) if user else None
        if user is None or token is None:
            return _refuse(parts, refusals, name, "wrong", _("Name or password is wrong."))
        language = session.get("language")
        sign_in_as(user, token)
        if language:
            session["language"] = language
        return redirect(local_path(request.form.get("next")), 303)

    blueprint.add_url_rule(
        "/sign-in",
        "check_sign_in",
        limited(
            check_sign_in,
            Tries(parts.config.redis_url, "signin"),
            {"address": parts.config.signin_address_limit, "name": parts.config.signin_limit},
            _keys,
        ),
        methods=["POST"],
    )

    @blueprint.post("/sign-out")
    @needs(Permission.NOTHING)
    def sign_out() -> ResponseReturnValue:
        language = session.get("language")
        if current_user.is_authenticated:
            with parts.sessions.begin() as database:
                sign_ins.end(database, current_user.token)
                name = current_user.name
                record(database, name, "session.ended", f"user:{name}", where())
        logout_user()
        session.clear()
        if language:
            session["language"] = language
        return redirect(local_path("/sign-in"), 303)


def _form(name: str = "", problem: str = "") -> str:
    target = local_path(request.values.get("next"))
    return render_template("people/sign_in.html", name=name, problem=problem, next=target)


def _begin(parts: Parts, user: User) -> str | None:
    with parts.sessions.begin() as database:
        token = sign_ins.begin(database, user, lasting(parts.config))
        if token:
            record(database, user.name, "session.began", f"user:{user.name}", where())
    return token


def _refuse(
    parts: Parts, refusals: Refusals, name: str, why: str, says: str
) -> ResponseReturnValue:
    with parts.sessions() as database:
        subject = tried(database, name)
    refusals.note(Refusal(ANYBODY, "session.refused", subject, network()), {"why": why})
    return _form(name, says), 401


def _keys() -> dict[str, str]:
    """Guesses are counted for each address, and for each name from an address.

    Not for a name from anywhere: a stranger could lock its owner out.
    """
    name = spelled(request.form.get("name", "")).casefold()
    return {"address": network(), "name": f"{network()} {name[:LONGEST_NAME]}"}
