"""Rules as people write them, and the errors they get."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import RulesetError
from rules.verdicts.parse import MAX_DEPTH, MAX_LETTERS, parse

LABELS = ["food", "drink", "adult", "child", "animal", "sea", "order", "android", "nothing"]
GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("adult or child", "adult or child"),
        ("ADULT_ or x", None),
        ("adult AND NOT child", "adult and not child"),
        ("adult 그리고 아닌 child", "adult and not child"),
        ("food 또는 drink", "food or drink"),
        ("any(food, drink)", "food or drink"),
        ("all(food, drink, adult)", "food and drink and adult"),
        ("any(food)", "food"),
        ("at least 2 of (food, drink, adult)", "at least 2 of (food, drink, adult)"),
        ("AT  LEAST 1 OF (food, drink)", "at least 1 of (food, drink)"),
        ("food >= 0.9 and drink < 1", "food >= 0.9 and drink < 1.0"),
        ("not not food", "not not food"),
        ("food or drink and adult", "food or (drink and adult)"),
        ("(food or drink) and adult", "(food or drink) and adult"),
        ("order or android", "order or android"),
        ("not nothing", "not nothing"),
        ("food\n  or drink", "food or drink"),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, same_as: str | None) -> None:
    if same_as is None:
        with pytest.raises(RulesetError):
            parse(text, LABELS)
    else:
        assert str(parse(text, LABELS)) == same_as


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.txt")), ids=lambda file: str(file.stem))
def test_errors_point_at_the_place(file: Path) -> None:
    """Each file holds a rule, a line of dashes, and the error it must give."""
    rule, _, expected = file.read_text(encoding="utf-8").partition("\n-----\n")
    with pytest.raises(RulesetError) as caught:
        parse(rule, LABELS)
    assert str(caught.value) == expected.rstrip("\n")


def test_there_are_enough_golden_errors() -> None:
    assert len(list(GOLDEN.glob("*.txt"))) >= 25


def test_a_rule_may_not_be_endless() -> None:
    with pytest.raises(RulesetError, match="letters"):
        parse("food or " * MAX_LETTERS + "food")
    for text in ("(" * 1000, "not " * 400 + "food", "(" * 500 + "food" + ")" * 500):
        with pytest.raises(RulesetError):
            parse(text)
    deep = "(" * MAX_DEPTH + "food" + ")" * MAX_DEPTH
    assert str(parse(deep)) == "food"


@given(st.text(max_size=200) | st.text("()andornt ,<>=.0123456789foo또는", max_size=200))
def test_any_text_is_a_rule_or_an_error(text: str) -> None:
    try:
        rule = parse(text)
    except RulesetError:
        return
    assert parse(str(rule)) == rule
