"""What a rule asks for and what was seen, in English.

The verb never agrees with a label's title, because a title may be singular or plural: "the
photograph shows painted nails", not "painted nails was seen".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or
from rules.verdicts.medium import Medium
from rules.verdicts.plain import plain

Title = Callable[[str], str]
Scored = tuple[str, float]
BOUNDS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than"}
ARTICLES = ("a ", "an ", "the ")


def asked(rule: Expression, title: Title) -> str:
    """What a rule asks for, as the object of "needs": "an adult and no child"."""
    return _words(plain(rule), title)


def _words(rule: Expression, title: Title) -> str:
    match rule:
        case Label(name):
            return title(name)
        case Not(Label(name)):
            return f"no {bare(title(name))}"
        case Compare(name, operator, number):
            # Without an exponent: 0.00001, not 1e-05.
            bound = f"{BOUNDS[operator]} {Decimal(repr(number)):f}"
            return f"a score of {bound} for {title(name)}"
        case And(terms):
            return series([_part(term, title) for term in terms], "and")
        case Or(terms):
            return series([_part(term, title) for term in terms], "or")
        case AtLeast(count, terms):
            return f"at least {count} of {series([_part(term, title) for term in terms], 'and')}"
        case Not(AtLeast(count, terms)):
            return f"fewer than {count} of {series([_part(term, title) for term in terms], 'and')}"
        case _:
            raise TypeError(f"{rule} is not in its plain form")


def _part(rule: Expression, title: Title) -> str:
    """A part of a longer phrase, in brackets if it has several parts itself."""
    words = _words(rule, title)
    several = isinstance(rule, And | Or | AtLeast) or (
        isinstance(rule, Not) and not isinstance(rule.term, Label)
    )
    return f"({words})" if several else words


def bare(words: str) -> str:
    """A title without its article."""
    for article in ARTICLES:
        if words.startswith(article):
            return words.removeprefix(article)
    return words


def series(words: Sequence[str], last: str) -> str:
    """``a, b and c``."""
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end


def shown(groups: Mapping[bool | None, Sequence[Scored]], medium: Medium) -> str:
    """What was seen, is in doubt, and was not seen: ``the photograph shows a cat (0.97)``."""
    one = medium.one
    verbs = {
        True: ("shows" if one else "show", "and"),
        None: ("may show", "and"),
        False: ("does not show" if one else "do not show", "or"),
    }
    clauses = [
        f"{verb} {series([f'{word} ({score:.2f})' for word, score in groups[fact]], last)}"
        for fact, (verb, last) in verbs.items()
        if groups[fact]
    ]
    if not clauses:
        return "the model looks for none of that"
    # A comma before "and": the clauses have an "and" of their own.
    said = (
        series(clauses, "and")
        if len(clauses) == 1
        else f"{', '.join(clauses[:-1])}, and {clauses[-1]}"
    )
    return f"the {medium} {said}"
