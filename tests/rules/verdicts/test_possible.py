"""Rules that can never be true, or never false, are found before anybody meets them."""

from __future__ import annotations

import pytest
from hypothesis import given

from rules import Seen
from rules.verdicts.evaluate import evaluate
from rules.verdicts.expression import Expression
from rules.verdicts.parse import parse
from rules.verdicts.possible import can_be
from tests.rules.strategies import expressions, sights


@pytest.mark.parametrize(
    ("rule", "true", "false"),
    [
        ("food", True, True),
        ("food and not food", False, True),
        ("food or not food", True, False),
        ("food > 0.5 and food < 0.4", False, True),
        ("food > 0.4 and food < 0.5", True, True),
        ("food >= 1", True, True),
        ("food > 1", False, True),
        ("food >= 0", True, False),
        ("food >= 0.9 and food <= 0.9", True, True),
        ("food > 0.500000001 and food < 0.500000002", True, True),
        ("food >= 0.9 and not food > 0.3", False, True),
        ("at least 3 of (food, drink, not food)", False, True),
        ("at least 2 of (food, drink, sea)", True, True),
        ("(food or drink) and not (drink or food)", False, True),
    ],
)
def test_possible_values(rule: str, true: bool, false: bool) -> None:
    parsed = parse(rule, None)
    assert (can_be([parsed], value=True), can_be([parsed], value=False)) == (true, false)


def test_two_rules_that_exclude_each_other() -> None:
    rules = [parse("adult and not child", None), parse("child", None)]
    assert not can_be(rules, value=True)
    assert all(can_be([rule], value=True) for rule in rules)


@given(expressions, sights)
def test_a_value_that_occurs_is_possible(rule: Expression, sight: dict[str, Seen]) -> None:
    value = evaluate(rule, sight)
    if value is not None:
        assert can_be([rule], value=value)


def test_many_labels_are_tried_in_every_way() -> None:
    names = [f"l{n}" for n in range(16)]
    rule = f"({' or '.join(names)}) and not ({' or '.join(reversed(names))})"
    assert not can_be([parse(rule)], value=True)
    assert can_be([parse(rule)], value=False)


def test_too_many_labels_are_taken_to_be_possible() -> None:
    rule = " and ".join(f"l{n} and not l{n}" for n in range(30))
    assert can_be([parse(rule, None)], value=True)
