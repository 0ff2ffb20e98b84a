"""The forms that make another item bundle live, or the one before."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from classifiers import BundleError
from items import ItemBundleError
from service.bundles.candidates import candidates
from service.bundles.errors import RefusedError
from service.bundles.items import promote_items, roll_back_items
from service.bundles.promote import refuse
from service.console.frame.access import Permission, needs
from service.console.itembundles.pages import page
from service.incoming import whole_number
from service.parts import Parts

REFUSED = (BundleError, ItemBundleError, RefusedError)


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """Both forms ask why."""

    @blueprint.post("/item-bundles/promote")
    @needs(Permission.BUNDLES)
    def promote_item_bundle() -> ResponseReturnValue:
        if not _reason():
            return page(parts, _("Give a reason: the audit log keeps it.")), 422
        asked = request.form.get("name", "")
        chosen = next((one for one in candidates(parts.config) if one.name == asked), None)
        if chosen is None:
            abort(404)
        found = parts.encoders.usable()
        try:
            with parts.sessions.begin() as session:
                made = promote_items(
                    session,
                    parts.config,
                    parts.screener.current().bundle,
                    found.bundle if found else None,
                    chosen.folder,
                    who=current_user.name,
                    reason=_reason(),
                    seen=whole_number(request.form.get("seen")),
                    expected=request.form.get("expected"),
                )
        except REFUSED as error:
            with parts.sessions.begin() as session:
                refuse(session, chosen.folder, current_user.name, str(error))
            return page(parts, _("It was not made live:"), str(error)), 409
        return _back(_("%(name)s is live. Vectors are made anew.", name=made.id))

    @blueprint.post("/item-bundles/rollback")
    @needs(Permission.BUNDLES)
    def roll_back_item_bundle() -> ResponseReturnValue:
        if not _reason():
            return page(parts, _("Give a reason: the audit log keeps it.")), 422
        try:
            with parts.sessions.begin() as session:
                back = roll_back_items(
                    session,
                    parts.config,
                    who=current_user.name,
                    reason=_reason(),
                    seen=whole_number(request.form.get("seen")),
                )
        except REFUSED as error:
            return page(parts, _("Nothing was rolled back:"), str(error)), 409
        return _back(_("The item bundle %(name)s is live again.", name=back.id))


def _back(message: str) -> Response:
    flash(message)
    return redirect(url_for("console.item_bundles"), 303)


def _reason() -> str:
    return request.form.get("reason", "").strip()
