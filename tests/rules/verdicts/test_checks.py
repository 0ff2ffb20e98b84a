"""What is odd about a ruleset is said, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import RulesetError, load_ruleset
from rules.verdicts.checks import warnings

RULES = """categories:
  family:
    title: {en: family, ko: 가족}
    rule: adult and child
    matches: ["adult child"]
    not_matches: [adult]
  single:
    title: {en: single, ko: 혼자}
    rule: adult and not child
    matches: [adult]
    not_matches: [child]
"""


def files(folder: Path, rules: str, lexicon: str) -> tuple[Path, Path]:
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    (folder / "words.csv").write_text(f"tag,categories,who,when,why\n{lexicon}", encoding="utf-8")
    return folder / "rules.yaml", folder / "words.csv"


def test_the_shipped_ruleset_is_not_odd() -> None:
    from rules.verdicts.ruleset import DEFAULT

    assert warnings(load_ruleset(DEFAULT, None)) == []


def test_a_category_that_no_hashtag_claims(tmp_path: Path) -> None:
    rules, words = files(tmp_path, RULES, "가족,family,a,b,c\n")
    (finding,) = warnings(load_ruleset(rules, None, words))
    assert str(finding) == f"{rules}:7:3: warning: no hashtag claims category 'single'"


def test_a_hashtag_whose_categories_contradict_each_other(tmp_path: Path) -> None:
    rules, words = files(tmp_path, RULES, "가족,family,a,b,c\n혼자가족,family|single,a,b,c\n")
    (finding,) = warnings(load_ruleset(rules, None, words))
    assert str(finding).startswith(f"{words}:3:1: warning: #혼자가족 claims 'family' and 'single'")


@pytest.mark.parametrize(
    ("rule", "what"),
    [("adult and not adult", "never be true"), ("adult or not adult", "never be false")],
)
def test_a_rule_with_one_value_does_not_load(tmp_path: Path, rule: str, what: str) -> None:
    rules, words = files(tmp_path, RULES.replace("adult and not child", rule), "")
    with pytest.raises(RulesetError, match=f"the rule of category 'single' can {what}"):
        load_ruleset(rules, None, words)


@pytest.mark.parametrize(
    ("parent", "what"), [("famly", "no category is called 'famly'"), ("single", "above itself")]
)
def test_a_parent_must_exist_and_end(tmp_path: Path, parent: str, what: str) -> None:
    text = RULES.replace(
        "    rule: adult and not", f"    parent: {parent}\n    rule: adult and not"
    )
    rules, words = files(tmp_path, text, "")
    with pytest.raises(RulesetError, match=what):
        load_ruleset(rules, None, words)
