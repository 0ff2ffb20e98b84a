"""One stored ruleset, and the text of the live one."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from rules import RulesetError
from rules.verdicts.checks import Finding, warnings
from service.console.frame.access import Permission, may, needs
from service.console.rules.words import KINDS, PERIODS, RUN_STATES, STATES
from service.live_versions import live_versions
from service.parts import Parts
from service.reruns.start import newest
from service.rulesets import store
from service.rulesets.figures import newest_promotion
from service.rulesets.source import live_source, source_of
from service.tables import StoredRuleset


def add_routes(blueprint: Blueprint, parts: Parts) -> None:
    """The page of one ruleset with what is odd about it, and the live text as a file."""

    @blueprint.get("/rules/<int:row_id>")
    @needs(Permission.READ)
    def ruleset(row_id: int) -> ResponseReturnValue:
        with parts.sessions() as session:
            found = session.get(StoredRuleset, row_id)
            runs = newest(session, row_id)
            promotion = newest_promotion(session)
        if found is None:
            abort(404)
        findings: list[Finding] = []
        compiler = None
        try:
            findings = warnings(store.check(source_of(found), parts.screener.current()))
        except RulesetError as error:
            compiler = str(error)
        return render_template(
            "rules/ruleset.html",
            one=found,
            findings=findings,
            compiler=compiler,
            may_change=may(Permission.RULES),
            runs=runs,
            promotion=promotion,
            STATES=STATES,
            PERIODS=PERIODS,
            KINDS=KINDS,
            RUN_STATES=RUN_STATES,
        )

    @blueprint.get("/rules/live.yaml")
    @needs(Permission.READ)
    def live_rules() -> ResponseReturnValue:
        with parts.sessions() as session:
            version = live_versions(session).ruleset
            source = live_source(session, version, parts.config.ruleset)
        disposition = {"Content-Disposition": 'attachment; filename="live.yaml"'}
        return Response(source.data, mimetype="application/yaml", headers=disposition)
