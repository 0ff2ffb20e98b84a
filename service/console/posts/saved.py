"""Lists that somebody saved, as tabs: a name for a list with its filters and its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.console.frame.access import Permission, needs
from service.console.posts.filters import carried
from service.console.posts.tabs import TABS
from service.parts import Parts
from service.preferences.saved_views import (
    LONGEST_NAME,
    MOST_VIEWS,
    ViewError,
    delete_view,
    save_view,
)
from service.tables import SavedView


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The forms that save a view and delete it."""

    @blueprint.post("/views")
    @needs(Permission.SETTINGS)
    def add_view() -> ResponseReturnValue:
        place = place_of(request.args)
        try:
            with parts.sessions.begin() as session:
                view = save_view(session, current_user.id, request.form.get("name", ""), place)
                flash(_("Saved: %(name)s.", name=view.name))
        except ViewError as error:
            flash(
                {
                    "name": _("A view needs a name, no longer than %(most)s.", most=LONGEST_NAME),
                    "place": _("These filters are too long to be saved."),
                    "many": _(
                        "You can keep %(most)s at most: delete a view first.", most=MOST_VIEWS
                    ),
                }[error.why],
                "bad",
            )
        return redirect(url_for("console.posts", **place), 303)

    @blueprint.post("/views/<int:view_id>/delete")
    @needs(Permission.SETTINGS)
    def delete_saved_view(view_id: int) -> ResponseReturnValue:
        with parts.sessions.begin() as session:
            view = delete_view(session, current_user.id, view_id) or abort(404)
            place = place_of(view.place)
            flash(_("Deleted: %(name)s. What it showed is still below.", name=view.name))
        return redirect(url_for("console.posts", **place), 303)


def place_of(args: Mapping[str, str]) -> dict[str, Any]:
    """A list with its filters and its order, as an address carries it; nothing else."""
    tab = args.get("tab", "")
    return {"tab": tab if tab in TABS else next(iter(TABS)), **carried(args)}


def shown_view(views: Sequence[SavedView], args: Mapping[str, str]) -> SavedView | None:
    """The view that an address shows, if it is one."""
    place = place_of(args)
    return next((view for view in views if place_of(view.place) == place), None)
