"""Signing in and out."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, logout_user

from service.accounts import verify
from service.console.access import Permission, needs
from service.console.identity import sign_in_as
from service.console.language import local_path
from service.parts import Parts


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Sign-in, limited in rate for each address and each name, and sign-out."""
    limiter = Limiter(
        get_remote_address,
        storage_uri=parts.config.redis_url,
        key_prefix="tagsift-signin",
        # Without Redis each process counts for itself, which is better than not counting.
        in_memory_fallback_enabled=True,
    )
    blueprint.record_once(lambda state: limiter.init_app(cast(Flask, state.app)))

    @blueprint.get("/sign-in")
    @needs(Permission.NOTHING)
    def sign_in() -> ResponseReturnValue:
        if current_user.is_authenticated:
            return redirect(local_path(request.args.get("next")), 303)
        return _form()

    @needs(Permission.NOTHING)
    def check_sign_in() -> ResponseReturnValue:
        name, password = request.form.get("name", ""), request.form.get("password", "")
        with parts.sessions() as database:
            user = verify(database, name, password)
        if user is None:
            return _form(name=name, wrong=True), 401
        language = session.get("language")
        sign_in_as(user)
        if language:
            session["language"] = language
        return redirect(local_path(request.form.get("next")), 303)

    for key in (get_remote_address, _name):
        check_sign_in = limiter.limit(
            parts.config.signin_limit, key_func=key, deduct_when=_was_refused
        )(check_sign_in)
    blueprint.add_url_rule("/sign-in", view_func=check_sign_in, methods=["POST"])

    @blueprint.post("/sign-out")
    @needs(Permission.NOTHING)
    def sign_out() -> ResponseReturnValue:
        language = session.get("language")
        logout_user()
        session.clear()
        if language:
            session["language"] = language
        return redirect(local_path("/sign-in"), 303)


def _form(name: str = "", wrong: bool = False) -> str:
    target = request.values.get("next", "")
    return render_template("console/sign_in.html", name=name, wrong=wrong, next=target)


def _name() -> str:
    return request.form.get("name", "").strip().casefold()


def _was_refused(response: Response) -> bool:
    return response.status_code == 401
