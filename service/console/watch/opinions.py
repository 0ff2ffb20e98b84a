"""A click on like, or on not for me: an event of the person, written down and counted at once."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from service.audit import record
from service.authors.notes import subject
from service.console.frame.access import Permission, needs
from service.console.watch.forms import LONGEST_NAME, item_asked, opinion_given, viewer_asked
from service.console.watch.pages import drawn
from service.items.cards import cards_named
from service.parts import Parts
from service.recommend.events import Event
from service.recommend.record import record_events


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form of each card; a script gets the shelves as they are now, anybody else the page."""

    @blueprint.post("/watch/opinions")
    @needs(Permission.WATCH)
    def give_opinion() -> ResponseReturnValue:
        event = _event()
        with parts.sessions.begin() as session:
            is_there = _write(session, event)
        problem = "" if is_there else _("This is no longer there, so nothing was changed.")
        to = item_asked("to")
        if request.headers.get("X-Requested-With") == "fetch":
            return drawn(parts, event.viewer, to, problem, part=True)
        if problem:
            flash(problem, "bad")
        still = ":".join(to) if to else None
        return redirect(url_for("console.watch", viewer=event.viewer, to=still), 303)


def _event() -> Event:
    viewer, item, name = viewer_asked(), item_asked("item"), request.form.get("event", "")
    if not viewer or item is None or not 0 < len(name) <= LONGEST_NAME:
        abort(404)
    return Event(name, viewer, *item, opinion_given(), None, datetime.now(UTC))


def _write(session: Session, event: Event) -> bool:
    """Whether the item may be shown; else nothing is written."""
    name = (event.item_kind, event.item)
    if name not in cards_named(session, [name]):
        return False
    if not record_events(session, [event]).known:
        return False
    # Who knows the person's id finds it in the log, which is never erased; nobody reads it, nor
    # what the person thinks of which item.
    record(session, current_user.name, "viewer.opinion", subject(event.viewer), {})
    return True
