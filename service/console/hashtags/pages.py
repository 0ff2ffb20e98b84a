"""The page of hashtags that nobody understood: a choice and a confirmation say what each means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from rules import Category, Ruleset, normalise
from service.console.frame.access import Permission, needs
from service.console.hashtags.words import ORDERS, problem_of
from service.incoming import whole_number
from service.lexicon import LexiconError, change, effective_lexicon, undo
from service.lexicon.changes import OvertakenError, UnknownCategoryError, newest_change
from service.lexicon.csvfile import write_csv
from service.lexicon.search import search
from service.lexicon.unmapped import unmapped, without_rule
from service.parts import Parts

SHOWN = 40
FOUND = 60
RECENT = timedelta(days=30)
NOTHING = "-"
WHY = "mapped in the console"


def choices(ruleset: Ruleset) -> list[Category]:
    """Every category a hashtag may claim, those with a rule first."""
    return sorted(ruleset.categories.values(), key=lambda category: category.rule is None)


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The list, the answer to one hashtag, taking it back, and the whole lexicon as a file."""

    @blueprint.get("/hashtags")
    @needs(Permission.MAP)
    def hashtags() -> ResponseReturnValue:
        ruleset = parts.screener.current().ruleset
        asked = request.args.get("search", "").strip()
        recent = request.args.get("recent") is not None
        since = datetime.now(UTC) - RECENT if recent else None
        order = _order(request.args)
        with parts.sessions() as session:
            return render_template(
                "hashtags/hashtags.html",
                search=asked,
                found=search(session, ruleset.lexicon, asked, FOUND) if asked else None,
                rows=[] if asked else unmapped(session, ruleset, SHOWN, since, order),
                unchecked=[] if asked else without_rule(session, ruleset),
                choices=choices(ruleset),
                categories=ruleset.categories,
                changed=whole_number(request.args.get("changed")),
                seen=newest_change(session),
                is_hashtag=bool(normalise(asked)),
                recent=recent,
                order=order,
                orders=ORDERS,
                at=request.args.get("at", 0, type=int),
            )

    @blueprint.post("/hashtags")
    @needs(Permission.MAP)
    def map_hashtag() -> ResponseReturnValue:
        tag, category = request.form.get("tag", ""), request.form.get("category", "")
        known = parts.screener.current().ruleset.categories
        claims = [] if category == NOTHING else [category]
        try:
            with parts.sessions.begin() as session:
                row = change(
                    session,
                    tag,
                    claims,
                    who=current_user.name,
                    why=WHY,
                    known=known.keys(),
                    seen=whole_number(request.form.get("seen")),
                )
        except OvertakenError as error:
            flash(problem_of(error), "bad")
            return redirect(url_for("console.hashtag", tag=tag), 303)
        except LexiconError as error:
            flash(problem_of(error), "bad")
            return _back()
        flash(_("#%(tag)s is mapped, for every post from now on.", tag=row.tag))
        return _back(changed=row.id)

    @blueprint.post("/hashtags/undo")
    @needs(Permission.MAP)
    def undo_mapping() -> ResponseReturnValue:
        known = parts.screener.current().ruleset.categories
        try:
            with parts.sessions.begin() as session:
                row = undo(
                    session,
                    whole_number(request.form.get("change")) or 0,
                    who=current_user.name,
                    known=known.keys(),
                )
        except UnknownCategoryError as error:
            flash(problem_of(error), "bad")
        except LexiconError:
            flash(_("It cannot be undone: somebody changed the hashtag since."), "bad")
        else:
            flash(_("#%(tag)s means again what it meant before.", tag=row.tag))
        return _back()

    @blueprint.get("/hashtags/lexicon.csv")
    @needs(Permission.MAP)
    def lexicon_file() -> Response:
        with parts.sessions() as session:
            answer = make_response(write_csv(effective_lexicon(session).entries.values()))
        answer.mimetype = "text/csv"
        answer.headers["Content-Disposition"] = 'attachment; filename="lexicon.csv"'
        return answer


def _back(changed: int | None = None) -> ResponseReturnValue:
    """To the list and the place in it where somebody was; ``changed`` can be undone there."""
    recent, at = (request.form.get(name, type=int) or None for name in ("recent", "at"))
    order = _order(request.form)
    address = url_for("console.hashtags", changed=changed, recent=recent, at=at, order=order)
    return redirect(address, 303)


def _order(given: Mapping[str, str]) -> str:
    asked = given.get("order", "")
    return asked if asked in ORDERS else "frequent"
