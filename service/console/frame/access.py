"""Who may see which page: denied, unless the page names a permission that the role has."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

NEEDS = "_tagsift_needs"
BY_ITSELF = "_tagsift_by_itself"
READING = ("GET", "HEAD")
OWN_PASSWORD = ("console.own_password", "console.change_password")


class Permission(StrEnum):
    """What a page asks of whoever opens it."""

    NOTHING = "nothing"
    READ = "read"
    TRY = "try"
    SETTLE = "settle"
    MAP = "map"
    RULES = "rules"
    OVERVIEW = "overview"
    QUALITY = "quality"
    SETTINGS = "settings"
    WATCH = "watch"
    PRODUCE = "produce"
    BUNDLES = "bundles"
    PEOPLE = "people"
    AUDIT = "audit"
    CALLBACKS = "callbacks"
    API_KEYS = "api_keys"


GRANTED: dict[str, frozenset[Permission]] = {
    "analyst": frozenset(
        {
            Permission.READ,
            Permission.TRY,
            Permission.MAP,
            Permission.OVERVIEW,
            Permission.QUALITY,
            Permission.RULES,
            Permission.SETTINGS,
            Permission.WATCH,
            Permission.PRODUCE,
            Permission.BUNDLES,
        }
    ),
    "moderator": frozenset(
        {
            Permission.READ,
            Permission.TRY,
            Permission.SETTLE,
            Permission.MAP,
            Permission.OVERVIEW,
            Permission.SETTINGS,
        }
    ),
    "admin": frozenset(Permission),
}


def needs(permission: Permission) -> Callable[[View], View]:
    """Name the permission that a view needs."""

    def mark(view: View) -> View:
        setattr(view, NEEDS, permission)
        return view

    return mark


def by_itself(view: View) -> View:
    """Mark a view that open pages request by themselves.

    Such a request does not prolong the session.
    """
    setattr(view, BY_ITSELF, True)
    return view


def is_by_itself(endpoint: str) -> bool:
    """Whether pages ask for an endpoint by themselves."""
    return getattr(current_app.view_functions.get(endpoint), BY_ITSELF, False)


def needed_by(endpoint: str) -> Permission | None:
    """The permission that an endpoint of the console names; None where it names none."""
    return getattr(current_app.view_functions[endpoint], NEEDS, None)


def may(permission: Permission) -> bool:
    """Whether whoever is signed in holds a permission."""
    return current_user.is_authenticated and permission in GRANTED[current_user.role]


def guard() -> Response | None:
    """Let a request through to its page, ask for a sign-in, or refuse it."""
    permission = needed_by(request.endpoint or "")
    if permission is not Permission.NOTHING:
        if not current_user.is_authenticated:
            return _to_sign_in()
        if permission is None or not may(permission):
            abort(403)
        if current_user.must_change_password and request.endpoint not in OWN_PASSWORD:
            return _to_own_password()
    # The API's requests are signed instead, so forms' tokens are asked for here only.
    current_app.extensions["csrf"].protect()
    return None


def _to_sign_in() -> Response:
    if request.method not in READING:
        abort(401)
    return redirect(url_for("console.sign_in", next=request.full_path.rstrip("?")))


def _to_own_password() -> Response:
    if request.method not in READING:
        abort(403)
    return redirect(url_for("console.own_password"))


def install(app: Flask) -> None:
    """Forms' tokens, checked by ``guard``; they last as long as the session they are tied to."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
