"""What docs/rules.md says of the language is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules import Seen
from rules.verdicts.evaluate import evaluate
from rules.verdicts.parse import parse

PAGE = Path(__file__).parents[3].joinpath("docs", "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| `(.*?)` \| (true|false|unknown) \|$", PAGE, re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize(("rule", "seen", "value"), EXAMPLES)
def test_examples_have_the_value_that_is_said(rule: str, seen: str, value: str) -> None:
    sight = {}
    for part in filter(None, seen.split(", ")):
        name, fact, *score = part.split()
        truth = {"true": True, "false": False, "unknown": None}[fact]
        sight[name] = Seen(float(score[0]) if score else 0.5, truth)
    found = evaluate(parse(rule), sight)
    assert found is {"true": True, "false": False, "unknown": None}[value]


def test_the_ways_of_writing_are_rules() -> None:
    table = PAGE.split("## The language")[1].split("\n\n")[0]
    for line in table.splitlines()[3:-1]:
        for written in re.findall(r"`(.+?)`", line.split("|")[1]):
            assert parse(written)
