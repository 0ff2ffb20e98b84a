"""The parts of a rule, and how each is written."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Label:
    """True where the label's fact is true."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Compare:
    """A label's score against a number: ``food >= 0.9``."""

    name: str
    operator: str
    number: float

    def __str__(self) -> str:
        # Without an exponent, which the language does not have: 0.00001, not 1e-05.
        return f"{self.name} {self.operator} {Decimal(repr(self.number)):f}"


@dataclass(frozen=True)
class Not:
    """The opposite of an expression."""

    term: Expression

    def __str__(self) -> str:
        return f"not {_inner(self.term)}"


@dataclass(frozen=True)
class And:
    """All of two or more expressions."""

    terms: tuple[Expression, ...]

    def __str__(self) -> str:
        return " and ".join(_inner(term) for term in self.terms)


@dataclass(frozen=True)
class Or:
    """Any of two or more expressions."""

    terms: tuple[Expression, ...]

    def __str__(self) -> str:
        return " or ".join(_inner(term) for term in self.terms)


@dataclass(frozen=True)
class AtLeast:
    """A least number of some expressions: ``at least 2 of (food, drink, menu)``."""

    count: int
    terms: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"at least {self.count} of ({', '.join(str(term) for term in self.terms)})"


Expression = Label | Compare | Not | And | Or | AtLeast


def _inner(term: Expression) -> str:
    return f"({term})" if isinstance(term, And | Or) else str(term)


def parts(expression: Expression) -> tuple[Expression, ...]:
    """The direct parts of an expression."""
    match expression:
        case Not(term):
            return (term,)
        case And(terms) | Or(terms) | AtLeast(_, terms):
            return terms
        case _:
            return ()


def labels(expression: Expression) -> tuple[str, ...]:
    """The labels that an expression names, each once, in order."""
    match expression:
        case Label(name) | Compare(name, _, _):
            return (name,)
        case _:
            found = (name for part in parts(expression) for name in labels(part))
            return tuple(dict.fromkeys(found))
