"""What a rule asks for and what was seen, in Korean.

A particle follows a word and never a bracketed number: "헬스장이 보이지 않아요(0.00)", not
"헬스장(0.00)이 보이지 않아요".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from rules.verdicts.expression import And, AtLeast, Compare, Expression, Label, Not, Or
from rules.verdicts.particles import listed, subject
from rules.verdicts.plain import plain

Title = Callable[[str], str]
Scored = tuple[str, float]
BOUNDS = {">=": "이상", ">": "초과", "<=": "이하", "<": "미만"}
IS, IS_NOT, EQUALS = "있", "없", "이"  # stems, to which 고, 거나 or 어야 is added


def asked(rule: Expression, title: Title) -> str:
    """What a rule asks for, with the verb that ends the sentence: ``음료가 있어야 해요``."""
    return f"{_clause(plain(rule), title)}어야 해요"


def _clause(rule: Expression, title: Title) -> str:
    """A clause up to the stem of its verb."""
    match rule:
        case Label(name):
            return f"{subject(title(name))} {IS}"
        case Not(Label(name)):
            return f"{subject(title(name))} {IS_NOT}"
        case Compare(name, operator, number):
            return f"{title(name)} 점수가 {Decimal(repr(number)):f} {BOUNDS[operator]}{EQUALS}"
        case And(terms):
            return _all(terms, title)
        case Or(terms):
            return _any(terms, title)
        case AtLeast(count, terms):
            return f"{_parts(terms, title)} 중 {count}가지 이상이 {IS}"
        case Not(AtLeast(count, terms)):
            return f"{_parts(terms, title)} 중 있는 것이 {count}가지 미만{EQUALS}"
        case _:
            raise TypeError(f"{rule} is not in its plain form")


def _all(terms: Sequence[Expression], title: Title) -> str:
    if names := _labels(terms):
        return f"{subject(listed([title(name) for name in names]))} {IS}"
    if names := _labels([term.term for term in terms if isinstance(term, Not)], len(terms)):
        return f"{subject(listed([title(name) for name in names]))} {IS_NOT}"
    return _chained(terms, title, "고")


def _any(terms: Sequence[Expression], title: Title) -> str:
    if names := _labels(terms):
        *before, last = [title(name) for name in names]
        return f"{', '.join(before)} 또는 {subject(last)} {IS}"
    return _chained(terms, title, "거나")


def _chained(terms: Sequence[Expression], title: Title, ending: str) -> str:
    """Clauses after each other, with a comma after each that has clauses of its own."""
    *before, last = terms
    comma = "," if any(isinstance(term, And | Or) for term in terms) else ""
    return " ".join(
        [*(f"{_clause(term, title)}{ending}{comma}" for term in before), _clause(last, title)]
    )


def _labels(terms: Sequence[Expression], count: int | None = None) -> Sequence[str]:
    """The names, where every term is a label (and there are ``count`` of them)."""
    names = [term.name for term in terms if isinstance(term, Label)]
    return names if len(names) == (len(terms) if count is None else count) else ()


def _parts(terms: Sequence[Expression], title: Title) -> str:
    """The parts of a count: titles, and clauses as nouns in quotation marks."""
    return ", ".join(
        title(term.name) if isinstance(term, Label) else f"‘{_noun(_clause(term, title))}’"
        for term in terms
    )


def _noun(clause: str) -> str:
    return f"{clause.removesuffix(EQUALS)}임" if clause.endswith(EQUALS) else f"{clause}음"


def shown(groups: Mapping[bool | None, Sequence[Scored]]) -> str:
    """What was seen, is in doubt, and was not seen: ``고양이가 보여요(0.97).``"""
    verbs = {True: "보여요", None: "있는지 확실하지 않아요", False: "보이지 않아요"}
    said = [
        f"{subject(listed([word for word, _ in groups[fact]]))} {verb}"
        f"({', '.join(f'{score:.2f}' for _, score in groups[fact])})."
        for fact, verb in verbs.items()
        if groups[fact]
    ]
    return " ".join(said) or "모델이 찾을 수 있는 것이 없어요."
