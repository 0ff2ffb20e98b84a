"""Judge a post's hashtags by what was seen in its photographs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rules.hashtags.resolve import Resolution, Way, judged_categories, resolve
from rules.verdicts import kleene, reasons
from rules.verdicts.codes import code_of
from rules.verdicts.evaluate import evaluate, explain
from rules.verdicts.expression import Expression, Or
from rules.verdicts.flip import smallest_change
from rules.verdicts.kleene import Truth
from rules.verdicts.medium import medium_of
from rules.verdicts.ruleset import Ruleset
from rules.verdicts.sight import Sight
from rules.verdicts.uncertainty import uncertainty
from rules.verdicts.verdict import Decision, Judgement, TagVerdict, Verdict, decide

_BY_TRUTH: Mapping[Truth, Verdict] = {
    True: Verdict.RELEVANT,
    False: Verdict.IRRELEVANT,
    None: Verdict.UNCERTAIN,
}


def judge(ruleset: Ruleset, tags: Sequence[str], images: Sequence[Sight]) -> Judgement:
    """Give each hashtag its verdict, and the post its decision.

    A hashtag is relevant if any image bears out any category it claims, irrelevant if every image
    contradicts all of them, and uncertain in between. With no image to look at, a person decides.
    """
    verdicts = tuple(_judge_tag(ruleset, tag, images) for tag in tags)
    if not images:
        return Judgement(verdicts, Decision.REVIEW, reasons.no_images())
    decision = decide(v.verdict for v in verdicts)
    medium = medium_of(images)
    return Judgement(verdicts, decision, reasons.for_post(verdicts, medium), medium)


def truth(expression: Expression, images: Sequence[Sight]) -> Truth:
    """Whether any image makes an expression true. Unknown where there is no image."""
    return kleene.disjunction(evaluate(expression, image) for image in images) if images else None


def verdict_of(value: Truth, way: str) -> Verdict:
    """The verdict for a claim's value. A guessed meaning can make a hashtag relevant, never
    irrelevant.
    """
    verdict = _BY_TRUTH[value]
    if way == Way.NEIGHBOURS and verdict is not Verdict.RELEVANT:
        return Verdict.UNVERIFIABLE
    return verdict


def _judge_tag(ruleset: Ruleset, tag: str, images: Sequence[Sight]) -> TagVerdict:
    found = resolve(tag, ruleset)
    rules = {
        name: rule
        for name in judged_categories(found.categories, ruleset)
        if (rule := ruleset.categories[name].rule) is not None
    }
    if not rules:
        verdict, category = Verdict.UNVERIFIABLE, next(iter(found.categories), None)
        unsure = 0.0
    else:
        claimed = claim(rules)
        verdict = verdict_of(truth(claimed, images), found.resolved_by)
        category = _decisive(rules, images)
        unsure = uncertainty(claimed, images)
    code = code_of(found, verdict, has_rule=bool(rules), has_image=bool(images))
    return TagVerdict(
        tag=tag,
        normalised=found.normalised,
        verdict=verdict,
        category=category,
        resolved_by=found.resolved_by,
        confidence=found.confidence,
        reason={**reasons.for_tag(ruleset, found, verdict, category, images), "code": code},
        trace=_trace(ruleset, found, rules, images),
        doubt=unsure,
    )


def claim(rules: Mapping[str, Expression]) -> Expression:
    """The claim of a hashtag with several categories: any of their rules."""
    expressions = tuple(rules.values())
    return expressions[0] if len(expressions) == 1 else Or(expressions)


def _decisive(rules: Mapping[str, Expression], images: Sequence[Sight]) -> str:
    """The category to name: one that is true, else one that is unknown, else the first."""
    values = {name: truth(rule, images) for name, rule in rules.items()}
    for wanted in (True, None):
        for name, value in values.items():
            if value is wanted:
                return name
    return next(iter(rules))


def _trace(
    ruleset: Ruleset, found: Resolution, rules: Mapping[str, Expression], images: Sequence[Sight]
) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "ruleset": ruleset.id,
        "resolved": {"way": found.resolved_by, "confidence": found.confidence},
        "segments": list(found.segments),
        "categories": list(found.categories),
        "rules": {
            name: {
                "rule": str(rule),
                "value": truth(rule, images),
                "images": [explain(rule, image) for image in images],
            }
            for name, rule in rules.items()
        },
    }
    if rules and images:
        trace["flip"] = smallest_change(claim(rules), images)
    return trace
