"""How close a claim is to the opposite verdict, from the scores behind it."""

from __future__ import annotations

from collections.abc import Sequence

from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or
from rules.verdicts.sight import Sight

EVEN = 0.5


def uncertainty(expression: Expression, images: Sequence[Sight]) -> float:
    """How uncertain a claim is, in 0..1; 1 if the scores say nothing either way, or there are none.

    The claim's likelihood is that of its best image, by Zadeh's operators (1965, Fuzzy Sets): the
    minimum for "and", the maximum for "or", one minus the value for "not". They need no assumption
    on how labels depend on each other.
    """
    likeliest = max((likelihood(expression, image) for image in images), default=EVEN)
    return 1.0 - abs(2.0 * likeliest - 1.0)


def likelihood(expression: Expression, sight: Sight) -> float:
    """The likelihood, in 0..1, that an image bears out a claim, by its scores."""
    match expression:
        case Label(name):
            return sight[name].score if name in sight else EVEN
        case Compare():
            value = evaluate(expression, sight)
            return EVEN if value is None else float(value)
        case Not(term):
            return 1.0 - likelihood(term, sight)
        case And(terms):
            return min(likelihood(term, sight) for term in terms)
        case Or(terms):
            return max(likelihood(term, sight) for term in terms)
        case AtLeast(count, terms):
            ranked = sorted((likelihood(term, sight) for term in terms), reverse=True)
            return ranked[count - 1] if count else 1.0
