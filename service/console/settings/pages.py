"""The page on which everybody says how they like to work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from pydantic import ValidationError

from service.console.frame.access import Permission, needs
from service.console.review.keys import GROUPS
from service.parts import Parts
from service.preferences import ACTIONS, KeyProblem, Preferences, save
from service.preferences.keys import check


@dataclass(frozen=True)
class SentSettings:
    """The form as it was sent, to be shown again where something in it is refused."""

    blurred: bool
    grey: bool
    break_minutes: str
    theme: str
    zone: str


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The settings of whoever is signed in, and the form that changes them."""

    @blueprint.get("/settings")
    @needs(Permission.SETTINGS)
    def settings() -> ResponseReturnValue:
        return _page(current_user.preferences, current_user.preferences.keys)

    @blueprint.post("/settings")
    @needs(Permission.SETTINGS)
    def change_settings() -> ResponseReturnValue:
        now: Preferences = current_user.preferences
        if "reset" in request.form:
            return _keep(parts, now.with_keys(ACTIONS), _("All keys are reset."))
        keys, written = _keys(request.form), _written(request.form, now)
        try:
            check(keys)
        except KeyProblem as problem:
            return _page(written, keys, _explain(problem), problem.action), 422
        try:
            wanted = Preferences.model_validate(asdict(written))
        except ValidationError as error:
            return _page(written, keys, _wrong(str(error.errors()[0]["loc"][0]))), 422
        return _keep(parts, wanted.with_keys(keys), _("Your settings are saved."))


def _written(form: Mapping[str, str], now: Preferences) -> SentSettings:
    return SentSettings(
        blurred="blurred" in form,
        grey="grey" in form,
        break_minutes=form.get("break_minutes", "").strip() or "0",
        theme=form.get("theme", now.theme),
        zone=form.get("zone", "").strip() or now.zone,
    )


def _keys(form: Mapping[str, str]) -> dict[str, str]:
    return {action: form.get(f"key-{action}", "").strip().lower() for action in ACTIONS}


def _keep(parts: Parts, wanted: Preferences, says: str) -> ResponseReturnValue:
    with parts.sessions.begin() as session:
        save(session, current_user.id, wanted)
    flash(says)
    return redirect(url_for("console.settings"), 303)


def _page(
    preferences: Preferences | SentSettings,
    keys: Mapping[str, str],
    message: str | None = None,
    wrong: str | None = None,
) -> str:
    return render_template(
        "settings/settings.html",
        preferences=preferences,
        groups=GROUPS,
        chosen=keys,
        message=message,
        wrong=wrong,
    )


def _explain(problem: KeyProblem) -> str:
    titles = {action: title for group in GROUPS for action, title in group.titles.items()}
    if problem.other is None:
        return str(
            _("“%(key)s” cannot be a key here: use one letter, or leave it empty.", key=problem.key)
        )
    return str(
        _(
            "%(key)s is taken: “%(one)s” and “%(other)s” cannot share a key.",
            key=problem.key.upper(),
            one=titles[problem.action],
            other=titles[problem.other],
        )
    )


def _wrong(field: str) -> str:
    if field == "zone":
        return str(_("There is no such time zone. Write it like Asia/Seoul."))
    if field == "theme":
        return str(_("There is no such theme."))
    return str(_("Minutes until a break are a number from 0 (never) to 240."))
