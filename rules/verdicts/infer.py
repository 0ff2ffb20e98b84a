"""Infer which labels an image has from the verdicts that a person gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rules.verdicts.batch import FALSE, TRUE, Sights, Values, evaluate_many
from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or, labels

MOST_LABELS = 18

Claim = tuple[Expression, bool]


def infer(
    claims: Sequence[Claim], parents: Mapping[str, str | None], given: Mapping[str, bool]
) -> dict[str, bool] | None:
    """The facts that hold in every image in which all claims hold.

    Every combination of facts is tried. A comparison of a score says nothing about facts, so it may
    be true or false.

    Args:
        claims: rules, each with the value that it has.
        parents: the label that each label implies, where it implies one.
        given: facts that are known already; facts of labels that no claim names are ignored.

    Returns:
        the forced facts by label, including the given ones; None if no image satisfies all claims.
        Claims about too many labels (``MOST_LABELS``) force nothing.
    """
    rules = [(_plain(rule), value) for rule, value in claims]
    names = _closed([name for rule, _ in rules for name in labels(rule)], parents)
    if not names or len(names) > MOST_LABELS:
        return {}
    cases = _cases(names)
    possible = np.ones(len(cases), np.bool_)
    sights = Sights(names, cases, np.zeros(cases.shape, np.float32))
    for rule, value in rules:
        possible &= evaluate_many(rule, sights) == (TRUE if value else FALSE)
    for place, name in enumerate(names):
        above = parents.get(name)
        if above is not None:
            possible &= cases[:, place] <= cases[:, names.index(above)]
        if name in given:
            possible &= cases[:, place] == (TRUE if given[name] else FALSE)
    if not possible.any():
        return None
    left = cases[possible]
    forced = {
        name: bool(left[0, place] == TRUE)
        for place, name in enumerate(names)
        if (left[:, place] == left[0, place]).all()
    }
    return {name: value for name, value in forced.items() if " " not in name}


def _cases(names: Sequence[str]) -> Values:
    """int8 [2 ** names, names]: every way in which they can be true or false."""
    every = np.indices((2,) * len(names)).reshape(len(names), -1).T
    return np.where(every == 1, TRUE, FALSE).astype(np.int8)


def _closed(names: Sequence[str], parents: Mapping[str, str | None]) -> list[str]:
    """Each name once, and everything that they imply."""
    found = dict.fromkeys(names)
    waiting = list(found)
    while waiting:
        above = parents.get(waiting.pop())
        if above is not None and above not in found:
            found[above] = None
            waiting.append(above)
    return list(found)


def _plain(rule: Expression) -> Expression:
    """A rule with a label of its own for each comparison; such a name has a space in it."""
    match rule:
        case Compare():
            return Label(str(rule))
        case Not(term):
            return Not(_plain(term))
        case And(terms):
            return And(tuple(_plain(term) for term in terms))
        case Or(terms):
            return Or(tuple(_plain(term) for term in terms))
        case AtLeast(count, terms):
            return AtLeast(count, tuple(_plain(term) for term in terms))
        case Label():
            return rule
