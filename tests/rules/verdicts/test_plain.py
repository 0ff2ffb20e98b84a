"""The form of a rule that is put into words means what the rule means."""

from __future__ import annotations

import pytest
from hypothesis import given

from rules import Seen
from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import And, AtLeast, Expression, Label, Not, Or, parts
from rules.verdicts.parse import parse
from rules.verdicts.plain import plain
from tests.rules.strategies import expressions, sights


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        ("food", "food"),
        ("not not food", "food"),
        ("not (child or animal)", "not child and not animal"),
        ("not (child and animal)", "not child or not animal"),
        ("not (adult and not child)", "not adult or child"),
        ("not food >= 0.8", "food < 0.8"),
        ("at least 1 of (food, drink)", "food or drink"),
        ("at least 2 of (food, drink)", "food and drink"),
        ("not at least 2 of (food, drink, sea)", "not at least 2 of (food, drink, sea)"),
        ("food and (drink and sea)", "food and drink and sea"),
    ],
)
def test_negations_move_inward(rule: str, same: str) -> None:
    assert str(plain(parse(rule))) == same


@given(expressions, sights)
def test_the_value_stays_the_same(rule: Expression, sight: dict[str, Seen]) -> None:
    assert evaluate(plain(rule), sight) is evaluate(rule, sight)


@given(expressions)
def test_only_labels_and_counts_are_negated(rule: Expression) -> None:
    def check(term: Expression) -> None:
        if isinstance(term, Not):
            assert isinstance(term.term, Label | AtLeast)
        if isinstance(term, And | Or):
            assert not any(isinstance(inner, type(term)) for inner in term.terms)
        for part in parts(term):
            check(part)

    check(plain(rule))
