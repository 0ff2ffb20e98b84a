"""The pages of prototypes and of one with its examples, and their steps: from shadow to live, back,
and retired."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from service.console.frame.access import Permission, may, needs
from service.console.prototypes.words import STATES, STEPS
from service.parts import Parts
from service.prototypes.figures import figures, trial_of
from service.prototypes.kept import examples_of
from service.prototypes.store import PrototypeError, change_state
from service.tables import Prototype


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The figures, one prototype's examples, and the form of each step."""

    @blueprint.get("/prototypes")
    @needs(Permission.MAP)
    def prototypes() -> str:
        with parts.sessions() as session:
            rows = figures(session)
        return render_template(
            "prototypes/prototypes.html",
            rows=rows,
            states=STATES,
            may_change=may(Permission.RULES),
            made_by=parts.screener.current().bundle.embedding_id,
        )

    @blueprint.get("/prototypes/<int:number>")
    @needs(Permission.MAP)
    def one_prototype(number: int) -> str:
        with parts.sessions() as session:
            row = session.get(Prototype, number) or abort(404)
            shown = trial_of(row)
            examples = examples_of(session, number)
        return render_template(
            "prototypes/one.html",
            row=row,
            shown=shown,
            examples=examples,
            states=STATES,
            may_change=may(Permission.RULES),
            made_by=parts.screener.current().bundle.embedding_id,
        )

    @blueprint.post("/prototypes/<int:number>")
    @needs(Permission.RULES)
    def change_prototype(number: int) -> ResponseReturnValue:
        state = request.form.get("state", "")
        made_by = parts.screener.current().bundle.embedding_id
        try:
            with parts.sessions.begin() as session:
                row = change_state(session, number, state, current_user.name, made_by)
                tag = row.tag
        except PrototypeError as error:
            flash(str(STEPS[error.rule]), "bad")
        else:
            said = _("The prototype of #%(tag)s is %(state)s now.", tag=tag, state=STATES[state])
            flash(said)
        return redirect(url_for("console.prototypes"), 303)
