"""The way through the queue: the next case, holding on to it, giving it back."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.cases import release, renew, take_next
from service.console.frame.access import Permission, by_itself, needs
from service.console.posts.filters import carried, read_wanted
from service.parts import Parts

MOST_AT_ONCE = 50


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Take the next case, keep it, skip it."""

    @blueprint.get("/queue/next")
    @needs(Permission.SETTLE)
    def next_case() -> ResponseReturnValue:
        besides = _numbers("besides")
        with parts.sessions.begin() as session:
            address = _next(session, parts, besides)
        if address is None:
            # Who looks ahead from another case is told nothing: it would stand on a later page.
            if not besides:
                flash(_("Nothing is waiting for you here."))
            return redirect(url_for("console.posts", tab="review", **carried(request.args)), 303)
        return redirect(address, 303)

    @blueprint.post("/queue/heartbeat")
    @needs(Permission.SETTLE)
    @by_itself
    def heartbeat() -> Response:
        with parts.sessions.begin() as session:
            held = renew(session, _numbers("case"), current_user.id, parts.config.lease)
        return jsonify(held=list(held))

    @blueprint.post("/cases/<int:case_id>/skip")
    @needs(Permission.SETTLE)
    def skip_case(case_id: int) -> ResponseReturnValue:
        with parts.sessions.begin() as session:
            release(session, [case_id], current_user.id, skip=True)
        return redirect(url_for("console.next_case", **carried(request.args)), 303)


def _next(session: Session, parts: Parts, besides: list[int]) -> str | None:
    """The address of the next case that this moderator now holds."""
    wanted = read_wanted(request.args)
    found = take_next(session, current_user.id, parts.config.lease, wanted, besides)
    if found is None:
        return None
    return url_for("console.case", case_id=found.id, **carried(request.args))


def _numbers(name: str) -> list[int]:
    given = request.values.getlist(name, type=int)
    return [number for number in given if 0 < number < 2**63][:MOST_AT_ONCE]
