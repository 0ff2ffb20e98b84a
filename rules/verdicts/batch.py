"""Evaluate a rule for many images at once, as arrays, with the same logic as for one image.

A value is 0 for false, 1 for unknown and 2 for true, so that Kleene's "and" is the minimum, "or"
the maximum, and "not" what is missing to 2.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or
from rules.verdicts.kleene import Truth

Values = NDArray[np.int8]
FALSE, UNKNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)
CODES: dict[Truth, np.int8] = {False: FALSE, None: UNKNOWN, True: TRUE}

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Sights:
    """What was seen in ``n`` images.

    ``names`` are the labels of the columns; ``facts`` is int8 [n, labels] with the codes above;
    ``scores`` is float64 [n, labels], NaN where the classifier did not speak of a label. Less would
    round: 0.9 as a float32 is below 0.9.
    """

    names: Sequence[str]
    facts: Values
    scores: NDArray[np.float64]


def evaluate_many(expression: Expression, sights: Sights) -> Values:
    """The value of an expression for each image, int8 [n]. A label without a column is unknown."""
    match expression:
        case Label(name):
            return _column(name, sights)
        case Compare(name, sign, number):
            if name not in sights.names:
                return np.full(len(sights.facts), UNKNOWN)
            scores = sights.scores[:, sights.names.index(name)]
            value = np.where(_COMPARE[sign](scores, number), TRUE, FALSE)
            return np.where(np.isnan(scores), UNKNOWN, value)
        case Not(term):
            return (TRUE - evaluate_many(term, sights)).astype(np.int8)
        case And(terms):
            least: Values = np.stack([evaluate_many(t, sights) for t in terms]).min(axis=0)
            return least
        case Or(terms):
            most: Values = np.stack([evaluate_many(t, sights) for t in terms]).max(axis=0)
            return most
        case AtLeast(count, terms):
            values = np.stack([evaluate_many(term, sights) for term in terms])
            sure = (values == TRUE).sum(axis=0) >= count
            lost = (values != FALSE).sum(axis=0) < count
            return np.where(sure, TRUE, np.where(lost, FALSE, UNKNOWN))


def any_image(values: Values, post: NDArray[np.int64], posts: int) -> Values:
    """The value for each post: true where it is for any of its images, unknown where it has none.

    Args:
        values: int8 [n], of each image.
        post: int64 [n], the number of each image's post, from 0.
        posts: how many posts there are.
    """
    found = np.full(posts, FALSE)
    np.maximum.at(found, post, values)
    found[np.bincount(post, minlength=posts) == 0] = UNKNOWN
    return found


def _column(name: str, sights: Sights) -> Values:
    if name not in sights.names:
        return np.full(len(sights.facts), UNKNOWN)
    column: Values = sights.facts[:, sights.names.index(name)]
    return column
