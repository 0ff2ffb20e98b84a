"""The form that takes examples for a hashtag and against it, and shows what they would do."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from rules import normalise
from service.console.frame.access import Permission, needs
from service.console.prototypes.words import EXAMPLES, STEPS
from service.parts import Parts
from service.prototypes.examples import LEAST, ExamplesError, examples, newest_with, settled
from service.prototypes.kept import names_of
from service.prototypes.store import PrototypeError, prototype_of, put_in_shadow
from service.prototypes.trial import Trial, trial
from service.tables import Prototype
from service.votes.learn import no_rule_covers

NEWEST = 200  # posts with the hashtag that a trial is asked about


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The form, filled with a prototype's examples or what people settled; a try; and putting it
    in shadow."""

    @blueprint.get("/hashtags/<hashtag:tag>/prototype")
    @needs(Permission.RULES)
    def prototype(tag: str) -> ResponseReturnValue:
        key = normalise(tag) or abort(404)
        with parts.sessions() as session:
            before = _before(session, tag)
            made_by = parts.screener.current().bundle.embedding_id
            sides = names_of(session, before.id) if before else settled(session, key, made_by)
        return _page(parts, tag, sides, before=before)

    @blueprint.post("/hashtags/<hashtag:tag>/prototype")
    @needs(Permission.RULES)
    def try_prototype(tag: str) -> ResponseReturnValue:
        key = normalise(tag) or abort(404)
        made_by = parts.screener.current().bundle.embedding_id
        sides = _names("for"), _names("against")
        try:
            with parts.sessions() as session:
                given = examples(session, made_by, *sides)
                newest = newest_with(session, key, made_by, NEWEST)
                before = _before(session, tag)
            found = trial(given, newest)
            if request.form.get("action") != "shadow":
                return _page(parts, tag, sides, found=found, before=before)
            first = before.id if before else None
            with parts.sessions.begin() as session:
                put_in_shadow(session, tag, made_by, given, found, current_user.name, first)
        except ExamplesError as error:
            message = " ".join([str(EXAMPLES[error.rule]), ", ".join(error.names)]).strip()
            return _page(parts, tag, sides, message), 422
        except PrototypeError as error:
            return _page(parts, tag, sides, str(STEPS[error.rule])), 422
        flash(
            _("The prototype of #%(tag)s is in shadow: it is asked, and decides nothing.", tag=tag)
        )
        return redirect(url_for("console.prototypes"), 303)


def _before(session: Session, tag: str) -> Prototype | None:
    """The prototype whose examples the form began with, where it names one."""
    number = request.values.get("again", 0, type=int)
    return prototype_of(session, tag, number) if 0 < number < 2**63 else None


def _names(side: str) -> list[str]:
    """The posts of a field, a line each."""
    lines = request.form.get(side, "").replace("\0", "").splitlines()
    return list(dict.fromkeys(name for line in lines if (name := line.strip())))


def _page(
    parts: Parts,
    tag: str,
    sides: tuple[list[str], list[str]],
    message: str | None = None,
    *,
    found: Trial | None = None,
    before: Prototype | None = None,
) -> str:
    return render_template(
        "prototypes/examples.html",
        tag=tag.lstrip("#"),
        sides=sides,
        message=message,
        found=found,
        before=before,
        least=LEAST,
        is_covered=not no_rule_covers(tag, parts.screener.current().ruleset),
    )
