"""Revoking a key: asked first, then done."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.apikeys import store
from service.console.frame.access import Permission, needs
from service.parts import Parts
from service.tables import ApiKey


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """A page that asks, and the form it sends."""

    @blueprint.get("/api-keys/<int:row_id>/revoke")
    @needs(Permission.API_KEYS)
    def ask_to_revoke(row_id: int) -> ResponseReturnValue:
        with parts.sessions() as session:
            key = session.get(ApiKey, row_id) or abort(404)
        if key.revoked_at:
            return _back(revoked=False)
        return render_template("apikeys/revoke.html", key=key)

    @blueprint.post("/api-keys/<int:row_id>/revoke")
    @needs(Permission.API_KEYS)
    def revoke_api_key(row_id: int) -> ResponseReturnValue:
        with parts.sessions.begin() as session:
            revoked = store.revoke(session, row_id, current_user.name)
        return _back(revoked=revoked)


def _back(*, revoked: bool) -> ResponseReturnValue:
    if revoked:
        flash(_("The key is revoked. It is refused everywhere within seconds."))
    else:
        flash(_("There was nothing to revoke: somebody did before."), "bad")
    return redirect(url_for("console.api_keys"), 303)
