"""The page of the audit log."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.audit.find import Sought, find_entries, head
from service.console.frame.access import Permission, needs
from service.console.frame.orders import TIMES
from service.parts import Parts

SHOWN = 50


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The log, and what is sought in it, by time."""

    @blueprint.get("/audit")
    @needs(Permission.AUDIT)
    def audit() -> ResponseReturnValue:
        given = {name: _plain(request.args.get(name, "")) for name in Sought.names()}
        sought = Sought(**given)
        order = request.args.get("order", "")
        order = order if order in TIMES else "newest"
        with parts.sessions() as session:
            after = request.args.get("after", type=_position)
            found = find_entries(session, sought, after, SHOWN, order)
            end = head(session)
        return render_template(
            "audit/audit.html", sought=sought, page=found, head=end, order=order, orders=TIMES
        )


def _plain(text: str) -> str:
    return text.strip().replace("\0", "")


def _position(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError("no position")
    return number
