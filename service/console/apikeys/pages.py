"""The page of keys, and a form for one more, which is shown once."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from service.apikeys.store import LONGEST_NAME, KeyProblem, listed, make
from service.console.apikeys.words import LASTING, PROBLEMS
from service.console.frame.access import Permission, needs
from service.parts import Parts


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The list, and making a key."""

    @blueprint.get("/api-keys")
    @needs(Permission.API_KEYS)
    def api_keys() -> ResponseReturnValue:
        return _page(parts)

    @blueprint.post("/api-keys")
    @needs(Permission.API_KEYS)
    def make_api_key() -> ResponseReturnValue:
        name, lasts = request.form.get("name", ""), request.form.get("lasts", "")
        if lasts not in LASTING:
            return _page(parts, name, "", "lasting"), 422
        days = timedelta(days=int(lasts)) if lasts else None
        try:
            with parts.sessions.begin() as session:
                key, token = make(session, name, days, current_user.name)
        except KeyProblem as problem:
            return _page(parts, name, lasts, problem.code), 422
        return render_template("apikeys/new_key.html", key=key, token=token)


def _page(parts: Parts, name: str = "", lasts: str = "", problem: str = "") -> str:
    with parts.sessions() as session:
        keys = listed(session)
    return render_template(
        "apikeys/keys.html",
        api_keys=keys,
        lasting=LASTING,
        name=name,
        lasts=lasts,
        problem=PROBLEMS.get(problem),
        longest=LONGEST_NAME,
        settings=len(parts.config.api_keys),
    )
