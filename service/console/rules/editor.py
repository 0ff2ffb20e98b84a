"""Writing a ruleset: from what is live, checked as the parser checks it, stored as a draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from rules import RulesetError
from rules.verdicts.checks import Finding, warnings
from service.console.frame.access import Permission, by_itself, needs
from service.console.rules.changes import go_back, problem
from service.console.rules.difference import Line, difference
from service.incoming import whole_number
from service.live_versions import live_versions
from service.parts import Parts
from service.rulesets import store
from service.rulesets.source import RulesetSource, live_source, source_of

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Checked:
    """What is to be said of a text: what is wrong with it or odd about it, and how it differs from
    what is live; None where it is too long to say."""

    error: RulesetError | None
    findings: Sequence[Finding]
    lines: Sequence[Line] | None


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The editor, and what is to be said of the text in it."""

    @blueprint.get("/rules/edit")
    @needs(Permission.RULES)
    def edit_rules() -> ResponseReturnValue:
        with parts.sessions() as session:
            source = _begun(session, parts)
        return _page(_stem(source.file), source.data.decode(), parts)

    @blueprint.post("/rules/edit")
    @needs(Permission.RULES)
    def store_rules() -> ResponseReturnValue:
        name, text = request.form.get("name", "").strip(), _text()
        note = request.form.get("note", "").strip()
        if "check" in request.form:
            return _page(name, text, parts, note)
        if not _NAME.fullmatch(name):
            wrong = _("A name has up to 40 small letters a to z, digits, “-” and “_”.")
            return _page(name, text, parts, note, wrong), 422
        source = RulesetSource(f"{name}.yaml", text.encode("utf-8", "replace"))
        try:
            with parts.sessions.begin() as session:
                current = parts.screener.current()
                made = store.add(session, source, current_user.name, note, current)
        except RulesetError:
            return _page(name, text, parts, note), 422
        except store.StateError as error:
            return _page(name, text, parts, note, problem(error)), 409
        return go_back(_("%(name)s is stored as a draft.", name=made.name))

    @blueprint.post("/rules/check")
    @needs(Permission.RULES)
    @by_itself
    def check_rules() -> ResponseReturnValue:
        checked = _check(_text(), parts)
        return render_template("rules/checked.html", checked=checked)


def _begun(session: Session, parts: Parts) -> RulesetSource:
    """The text to begin with: a stored ruleset's where one is named, else the live one's."""
    number = whole_number(request.args.get("from"), 1)
    if number is not None:
        try:
            return source_of(store.find_ruleset(session, number))
        except store.StateError:
            pass
    return live_source(session, live_versions(session).ruleset, parts.config.ruleset)


def _check(text: str, parts: Parts) -> Checked:
    with parts.sessions() as session:
        live = live_source(session, live_versions(session).ruleset, parts.config.ruleset)
    lines = difference(live.data.decode(), text)
    try:
        ruleset = store.check(
            RulesetSource("rules.yaml", text.encode("utf-8", "replace")), parts.screener.current()
        )
    except RulesetError as error:
        return Checked(error, (), lines)
    return Checked(None, warnings(ruleset), lines)


def _page(name: str, text: str, parts: Parts, note: str = "", wrong: str | None = None) -> str:
    return render_template(
        "rules/edit.html",
        name=name,
        text=text,
        note=note,
        problem=wrong,
        checked=_check(text, parts),
    )


def _text() -> str:
    """What was written; browsers end its lines with CRLF."""
    return request.form.get("text", "").replace("\r\n", "\n")


def _stem(file: str) -> str:
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    return stem if _NAME.fullmatch(stem) else "rules"
