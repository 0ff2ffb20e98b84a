"""The page of rules: what is live did, what is in shadow would do, and the drafts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from rules import Category, Ruleset, RulesetError, Verdict
from service.console.frame.access import Permission, may, needs
from service.console.frame.sorting import Column, Sorting
from service.console.frame.texts import localised
from service.console.rules.changes import go_back, problem
from service.console.rules.words import KINDS, PERIODS, RUN_STATES, STATES
from service.parts import Parts
from service.reruns.start import newest
from service.rulesets import figures, store
from service.rulesets.figures import CategoryFigures
from service.rulesets.source import RulesetSource

PASTED = "pasted.yaml"
SORTING: Sorting[tuple[Category, CategoryFigures | None]] = Sorting(
    "console.rules",
    {
        "category": Column(lambda row: localised(row[0].titles), descending=False),
        "hashtags": Column(lambda row: row[1].total if row[1] else 0),
        "right": Column(lambda row: row[1].irrelevant.value if row[1] else None),
    },
    usual="category",
)


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page, and a new draft."""

    def page(**given: str) -> str:
        current = parts.screener.current()
        with parts.sessions() as session:
            stored = store.listed(session)
            since = figures.counted_since(session)
            return render_template(
                "rules/rules.html",
                ruleset=current.ruleset,
                refused=current.refused,
                live=next((one for one in stored if one.state == "live"), None),
                shadows={
                    one: figures.of_shadow(session, one.id)
                    for one in stored
                    if one.state == "shadow"
                },
                others=[one for one in stored if one.state in ("draft", "retired")],
                since=since,
                posts=figures.posts_since(session, since),
                categories=_with_figures(current.ruleset, figures.by_category(session, since)),
                sorting=SORTING,
                promotion=figures.newest_promotion(session),
                may_change=may(Permission.RULES),
                verdicts=[verdict.value for verdict in Verdict],
                runs=newest(session),
                STATES=STATES,
                PERIODS=PERIODS,
                KINDS=KINDS,
                RUN_STATES=RUN_STATES,
                **given,
            )

    @blueprint.get("/rules")
    @needs(Permission.READ)
    def rules() -> ResponseReturnValue:
        return page()

    @blueprint.post("/rules")
    @needs(Permission.RULES)
    def add_ruleset() -> ResponseReturnValue:
        source, note = _source(), request.form.get("note", "").strip()
        given = {"text": source.data.decode("utf-8", "replace"), "note": note}
        if not source.data.strip():
            return page(problem=_("Choose a file, or paste a ruleset."), **given), 422
        try:
            with parts.sessions.begin() as session:
                current = parts.screener.current()
                made = store.add(session, source, current_user.name, note, current)
        except RulesetError as error:
            return page(compiler=str(error), **given), 422
        except store.StateError as error:
            return page(problem=problem(error), **given), 409
        return go_back(_("%(name)s is stored as a draft.", name=made.name))


def _with_figures(
    ruleset: Ruleset, counted: Mapping[str, CategoryFigures]
) -> list[tuple[Category, CategoryFigures | None]]:
    """The categories that have a rule, each with what the rule did; None: it met no hashtag."""
    checked = [one for one in ruleset.categories.values() if one.rule is not None]
    return [(one, counted.get(one.name)) for one in checked]


def _source() -> RulesetSource:
    """The file that was sent, else the text that was pasted; browsers end its lines with CRLF."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return RulesetSource(file.filename, file.read())
    pasted = request.form.get("text", "").replace("\r\n", "\n")
    return RulesetSource(PASTED, pasted.encode("utf-8", "replace"))
