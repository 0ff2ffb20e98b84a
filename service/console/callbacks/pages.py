"""The page of callbacks."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.console.callbacks.words import STATES, TYPES
from service.console.frame.access import Permission, needs
from service.console.frame.orders import TIMES
from service.outbox import log
from service.outbox.target import origin
from service.parts import Parts

SHOWN = 50


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The log of all callbacks, or of those in one state, by time."""

    @blueprint.get("/callbacks")
    @needs(Permission.CALLBACKS)
    def callbacks() -> ResponseReturnValue:
        asked = request.args.get("state", "")
        state = asked if asked in log.STATES else None
        order = request.args.get("order", "")
        order = order if order in TIMES else "newest"
        url = parts.config.callback_url
        with parts.sessions() as session:
            after = request.args.get("after", type=_sequence)
            page = log.page(session, state, after, SHOWN, order)
            counts = log.counts(session)
            held = log.held_until(session, origin(url)) if url else None
        return render_template(
            "callbacks/callbacks.html",
            page=page,
            state=state,
            counts=counts,
            most=log.COUNTED,
            held=held,
            receiver=origin(url) if url else None,
            states=STATES,
            types=TYPES,
            order=order,
            orders=TIMES,
        )


def _sequence(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError("no sequence")
    return number
