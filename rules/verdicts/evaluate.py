"""An expression's value for one image. Each part is evaluated once."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from rules.verdicts import kleene
from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or, parts
from rules.verdicts.kleene import Truth
from rules.verdicts.sight import Sight

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def evaluate(expression: Expression, sight: Sight) -> Truth:
    """The value of an expression. A label the classifier did not speak of is unknown."""
    match expression:
        case Label(name):
            return sight[name].fact if name in sight else None
        case Compare(name, sign, number):
            return _COMPARE[sign](sight[name].score, number) if name in sight else None
        case Not(term):
            return kleene.negation(evaluate(term, sight))
        case And(terms):
            return kleene.conjunction(evaluate(term, sight) for term in terms)
        case Or(terms):
            return kleene.disjunction(evaluate(term, sight) for term in terms)
        case AtLeast(count, terms):
            return kleene.at_least(count, (evaluate(term, sight) for term in terms))


def explain(expression: Expression, sight: Sight) -> dict[str, Any]:
    """The value of an expression and of every part of it, as JSON."""
    tree: dict[str, Any] = {"text": str(expression), "value": evaluate(expression, sight)}
    if isinstance(expression, Label | Compare) and expression.name in sight:
        seen = sight[expression.name]
        tree |= {"label": expression.name, **vars(seen)}
        if seen.at is None:
            del tree["at"]
    inner = [explain(part, sight) for part in parts(expression)]
    return tree | ({"parts": inner} if inner else {})
