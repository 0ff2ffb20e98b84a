"""Sending callbacks again that were given up: asked first, then done."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_login import current_user

from service.audit import record
from service.console.callbacks.words import TYPES
from service.console.frame.access import Permission, needs
from service.outbox import log
from service.outbox.dead import resend
from service.parts import Parts


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """For one callback and for all of them: a page that asks, and the form it sends."""

    @blueprint.get("/callbacks/<uuid:delivery_id>/resend")
    @needs(Permission.CALLBACKS)
    def ask_to_resend(delivery_id: uuid.UUID) -> ResponseReturnValue:
        with parts.sessions() as session:
            entry = log.one(session, delivery_id) or abort(404)
        return render_template("callbacks/resend.html", entry=entry, types=TYPES)

    @blueprint.post("/callbacks/<uuid:delivery_id>/resend")
    @needs(Permission.CALLBACKS)
    def resend_callback(delivery_id: uuid.UUID) -> ResponseReturnValue:
        return put_back([delivery_id])

    @blueprint.get("/callbacks/resend")
    @needs(Permission.CALLBACKS)
    def ask_to_resend_all() -> ResponseReturnValue:
        with parts.sessions() as session:
            dead = log.counts(session)["dead"]
        return render_template("callbacks/resend.html", dead=dead, most=log.COUNTED)

    @blueprint.post("/callbacks/resend")
    @needs(Permission.CALLBACKS)
    def resend_callbacks() -> ResponseReturnValue:
        return put_back(None)

    def put_back(ids: Collection[uuid.UUID] | None) -> ResponseReturnValue:
        with parts.sessions.begin() as session:
            count = resend(session, ids)
            if count:
                asked = "all" if ids is None else [str(one) for one in ids]
                details = {"ids": asked, "put": count}
                record(session, current_user.name, "callbacks.resent", "callbacks", details)
        if count:
            flash(
                _("Put back: %(count)s. They go out within seconds.", count=format_decimal(count))
            )
        else:
            flash(_("Nothing to send again: it was not given up, or is on its way already."), "bad")
        return redirect(url_for("console.callbacks"), 303)
