"""Compute a stored verdict again from its trace alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.verdicts import kleene
from rules.verdicts.evaluate import evaluate
from rules.verdicts.judge import verdict_of
from rules.verdicts.menu import menu_of
from rules.verdicts.parse import parse_printed
from rules.verdicts.sight import Seen
from rules.verdicts.verdict import Verdict
from rules.verdicts.votes import opinion, verdict_by


def replay(trace: Mapping[str, Any]) -> Verdict:
    """The verdict that a trace leads to.

    Args:
        trace: ``TagVerdict.trace``, also after it was stored as JSON.

    Raises:
        RulesetError: a rule in it cannot be read.
        KeyError: it is no trace.
    """
    rules = trace["rules"]
    if not rules:
        given = trace.get("prototype") or trace.get("votes")
        return verdict_by(opinion(given)) if given else Verdict.UNVERIFIABLE
    values = [
        evaluate(parse_printed(one["rule"]), _sight(image))
        for one in rules.values()
        for image in one["images"]
    ]
    value = kleene.disjunction(values) if values else None
    verdict = verdict_of(value, trace["resolved"]["way"])
    if verdict is Verdict.IRRELEVANT and "menu" in trace and menu_of(trace["menu"]).bears_out:
        return Verdict.RELEVANT
    return verdict


def _sight(tree: Mapping[str, Any]) -> dict[str, Seen]:
    """The facts and scores in the leaves of an explained expression."""
    found: dict[str, Seen] = {}
    if "label" in tree:
        found[tree["label"]] = Seen(
            tree["score"], tree["fact"], tree["true_at"], tree["false_at"], tree.get("at")
        )
    for part in tree.get("parts", ()):
        found |= _sight(part)
    return found
