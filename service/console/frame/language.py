"""Korean and English: which one a page is in, and the switch between them."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask, redirect, request, session, url_for
from flask_babel import Babel
from flask_login import current_user
from werkzeug.wrappers import Response

from service.console.frame.access import Permission, needs
from service.console.frame.targets import local_target
from service.parts import Parts

LANGUAGES = {"en": "English", "ko": "한국어"}
TRANSLATIONS = Path(__file__).parents[1] / "translations"


def language() -> str:
    """The language of this request: the one chosen, or the browser's, or English."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def local_path(target: str | None) -> str:
    """A path on this site to go back to, or the first page where ``target`` leads elsewhere."""
    return local_target(target, url_for("console.posts"))


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The switch in the header of every page."""

    @blueprint.post("/language")
    @needs(Permission.NOTHING)
    def choose_language() -> Response:
        if (chosen := request.form.get("language")) in LANGUAGES:
            session["language"] = chosen
        return redirect(local_path(request.form.get("next")), 303)


def _zone() -> str | None:
    """Where whoever is signed in is; UTC for anybody else."""
    return current_user.preferences.zone if current_user.is_authenticated else None


def install(app: Flask) -> None:
    """Translate the pages, and show times as clocks show them where the reader is."""
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=language,
        timezone_selector=_zone,
    )
