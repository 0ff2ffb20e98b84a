"""Which values a rule can have at all, found by trying every way in which images can differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rules.batch import FALSE, TRUE, Sights, evaluate_many
from rules.expression import Compare, Expression, labels, parts

MOST_CASES = 2**18


def can_be(rules: Sequence[Expression], value: bool) -> bool:
    """Whether some image gives all of the rules a value at once.

    Each label that they ask about is seen or not, and has a score in each band that they tell
    apart. Rules with too many such cases are taken to be able to.
    """
    cases = _cases(rules)
    if cases is None:
        return True
    wanted = TRUE if value else FALSE
    found = [evaluate_many(rule, cases) == wanted for rule in rules]
    return bool(np.logical_and.reduce(found).any())


def _cases(rules: Sequence[Expression]) -> Sights | None:
    names = tuple(dict.fromkeys(name for rule in rules for name in labels(rule)))
    bands = [_bands(name, rules) for name in names]
    shape = [2 * len(scores) for scores in bands]
    if math.prod(shape) > MOST_CASES:
        return None
    which = np.indices(shape).reshape(len(names), -1).T
    scores = [np.asarray(band)[which[:, i] // 2] for i, band in enumerate(bands)]
    facts = np.where(which % 2 == 1, TRUE, FALSE)
    return Sights(names, facts, np.stack(scores, axis=1).astype(np.float32))


def _bands(name: str, rules: Sequence[Expression]) -> list[float]:
    """The numbers that a label's score is compared with, and a score between each two of them."""
    edges = sorted({0.0, 1.0, *(n for rule in rules for n in _numbers(name, rule))})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted({*between, *(edge for edge in edges if 0 <= edge <= 1)})


def _numbers(name: str, rule: Expression) -> list[float]:
    if isinstance(rule, Compare):
        return [rule.number] if rule.name == name else []
    return [number for part in parts(rule) for number in _numbers(name, part)]
