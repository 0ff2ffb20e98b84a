"""The page of one hashtag: how it is understood, who said so, and the form that changes it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from rules import normalise, resolve
from rules.hashtags.lexicon import VISIBLE, shipped_lexicon
from service.console.frame.access import Permission, may, needs
from service.console.hashtags.words import problem_of
from service.incoming import whole_number
from service.lexicon import LexiconError, change
from service.lexicon.changes import OvertakenError, history, newest_change
from service.parts import Parts
from service.votes.learn import no_rule_covers


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """One hashtag to look at, and to change."""

    @blueprint.get("/hashtags/<hashtag:tag>")
    @needs(Permission.MAP)
    def hashtag(tag: str) -> ResponseReturnValue:
        return _page(parts, tag)

    @blueprint.post("/hashtags/<hashtag:tag>")
    @needs(Permission.MAP)
    def change_hashtag(tag: str) -> ResponseReturnValue:
        chosen = request.form.getlist("category")
        meaning = request.form.get("meaning", "claims" if chosen else "")
        if meaning not in ("claims", "nothing", "visible", "file") or (
            meaning == "claims" and not chosen
        ):
            return _page(parts, tag, _("Choose what the hashtag means.")), 422
        claims = {"claims": chosen, "nothing": [], "visible": [VISIBLE], "file": None}[meaning]
        known = parts.screener.current().ruleset.categories
        why = request.form.get("why", "").strip() or _("changed in the console")
        try:
            with parts.sessions.begin() as session:
                change(
                    session,
                    tag,
                    claims,
                    who=current_user.name,
                    why=why,
                    known=known.keys(),
                    seen=whole_number(request.form.get("seen")),
                )
        except OvertakenError as error:
            return _page(parts, tag, problem_of(error)), 409
        except LexiconError as error:
            return _page(parts, tag, problem_of(error)), 422
        flash(_("#%(tag)s is changed, for every post from now on.", tag=tag))
        return redirect(url_for("console.hashtag", tag=tag), 303)


def _page(parts: Parts, tag: str, message: str | None = None) -> str:
    key = normalise(tag)
    if not key:
        abort(404)
    ruleset = parts.screener.current().ruleset
    with parts.sessions() as session:
        said, seen = history(session, key), newest_change(session)
    return render_template(
        "hashtags/hashtag.html",
        tag=tag.lstrip("#"),
        found=resolve(tag, ruleset),
        entry=ruleset.lexicon.entries.get(key),
        shipped=shipped_lexicon().entries.get(key),
        said=said,
        seen=seen,
        categories=ruleset.categories,
        may_draft=may(Permission.RULES) and no_rule_covers(tag, ruleset),
        message=message,
    )
