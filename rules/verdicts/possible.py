"""Which values rules can take, found by trying every combination of facts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rules.verdicts.batch import FALSE, TRUE, Sights, evaluate_many
from rules.verdicts.expression import Compare, Expression, Label, labels, parts

MOST_CASES = 2**18


def can_be(rules: Sequence[Expression], value: bool) -> bool:
    """Whether some image gives all of the rules a value at once.

    Each label that they name is true or false, and each compared score lies in each band between
    the numbers it is compared with. Unknown facts need not be tried: in Kleene's logic a definite
    value stays the same once the unknown is known. Rules with too many cases (more than about 18
    labels) are assumed to be possible.
    """
    cases = _cases(rules)
    if cases is None:
        return True
    wanted = TRUE if value else FALSE
    found = [evaluate_many(rule, cases) == wanted for rule in rules]
    return bool(np.logical_and.reduce(found).any())


def _cases(rules: Sequence[Expression]) -> Sights | None:
    names = tuple(dict.fromkeys(name for rule in rules for name in labels(rule)))
    facts = [(TRUE, FALSE) if _asks_fact(name, rules) else (FALSE,) for name in names]
    bands = [_bands(name, rules) for name in names]
    shape = [size for pair in zip(facts, bands, strict=True) for size in map(len, pair)]
    if math.prod(shape) > MOST_CASES:
        return None
    which = np.indices(shape).reshape(len(shape), -1).T
    fact = [np.array(each, np.int8)[which[:, 2 * i]] for i, each in enumerate(facts)]
    score = [np.array(each)[which[:, 2 * i + 1]] for i, each in enumerate(bands)]
    return Sights(names, np.stack(fact, axis=1), np.stack(score, axis=1))


def _asks_fact(name: str, rules: Sequence[Expression]) -> bool:
    return any(rule == Label(name) or _asks_fact(name, parts(rule)) for rule in rules)


def _bands(name: str, rules: Sequence[Expression]) -> list[float]:
    """The numbers that a label's score is compared with, and a score between each two of them."""
    numbers = {n for rule in rules for n in _numbers(name, rule)}
    if not numbers:
        return [0.0]
    edges = sorted({0.0, 1.0, *numbers})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted({*between, *edges})


def _numbers(name: str, rule: Expression) -> list[float]:
    if isinstance(rule, Compare):
        return [rule.number] if rule.name == name else []
    return [number for part in parts(rule) for number in _numbers(name, part)]
