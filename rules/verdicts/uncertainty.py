"""How near a claim is to being decided the other way, from the scores behind it."""

from __future__ import annotations

from collections.abc import Sequence

from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or
from rules.verdicts.sight import Sight

EVEN = 0.5


def uncertainty(expression: Expression, images: Sequence[Sight]) -> float:
    """How open a claim is, in 0..1: 1 where the scores say nothing either way, or none are there.

    The claim's likelihood is that of the image that bears it out best, by Zadeh's operators (1965,
    Fuzzy Sets): the least of what must all hold, the greatest of what may, and one minus what must
    not. They need no assumption on how labels depend on each other.
    """
    likeliest = max((likelihood(expression, image) for image in images), default=EVEN)
    return 1.0 - abs(2.0 * likeliest - 1.0)


def likelihood(expression: Expression, sight: Sight) -> float:
    """How likely an image bears out a claim, in 0..1, by its scores."""
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
