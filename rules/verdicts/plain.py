"""A rule rewritten for putting it into words: "not" only before labels and counts."""

from __future__ import annotations

from rules.verdicts.expression import And, AtLeast, Compare, Expression, Not, Or

OPPOSITES = {">=": "<", "<": ">=", ">": "<=", "<=": ">"}


def plain(rule: Expression) -> Expression:
    """The same rule by De Morgan's laws, which hold in Kleene's logic too.

    ``not (child or animal)`` becomes ``not child and not animal``, a double "not" disappears, and
    "at least 1 of" and "at least all of" become "or" and "and".
    """
    match rule:
        case Not(term):
            return _opposite(term)
        case And(terms):
            return _joined(And, [plain(term) for term in terms])
        case Or(terms):
            return _joined(Or, [plain(term) for term in terms])
        case AtLeast(1, terms):
            return plain(Or(terms))
        case AtLeast(count, terms) if count == len(terms):
            return plain(And(terms))
        case AtLeast(count, terms):
            return AtLeast(count, tuple(plain(term) for term in terms))
        case _:
            return rule


def _opposite(rule: Expression) -> Expression:
    match plain(rule):
        case Not(term):
            return term
        case And(terms):
            return _joined(Or, [_opposite(term) for term in terms])
        case Or(terms):
            return _joined(And, [_opposite(term) for term in terms])
        case Compare(name, operator, number):
            return Compare(name, OPPOSITES[operator], number)
        case other:
            return Not(other)


def _joined(kind: type[And | Or], terms: list[Expression]) -> Expression:
    """Merge nested parts: no "and" directly within an "and"."""
    flat: list[Expression] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else (term,))
    return kind(tuple(flat)) if len(flat) > 1 else flat[0]
