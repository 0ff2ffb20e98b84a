"""What another precision changes is counted by what became what."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.serving.precision import Changes, facts_changed, main, verdicts_changed
from classifiers import Bundle
from rules import load_ruleset
from rules.verdicts.ruleset import DEFAULT

NAMES = ("food", "drink", "adult", "child")


@pytest.fixture(scope="module")
def bundle(repository: Path) -> Bundle:
    """The starter with four labels that are true from .8 on and false up to .2."""
    starter = Bundle.load(repository / "models" / "starter")
    by_name = {label.name: label for label in starter.labels}
    labels = (replace(by_name[name], true_at=0.8, false_at=0.2) for name in NAMES)
    return replace(starter, labels=tuple(labels))


def scores(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_equal_scores_change_nothing(bundle: Bundle) -> None:
    same = scores((0.9, 0.1, 0.5, 0.5))
    ruleset = load_ruleset(DEFAULT, None)
    assert facts_changed(bundle, same, same) == Changes(Counter(), whole=4)
    assert verdicts_changed(bundle, ruleset, same, same).count == 0


def test_scores_that_move_between_thresholds_change_no_fact(bundle: Bundle) -> None:
    one, other = scores((0.9, 0.1, 0.5, 0.5)), scores((0.81, 0.19, 0.3, 0.7))
    assert facts_changed(bundle, one, other).count == 0


def test_facts_are_told_by_what_became_what(bundle: Bundle) -> None:
    one = scores((0.9, 0.9, 0.1, 0.5), (0.5, 0.1, 0.1, 0.1))
    other = scores((0.7, 0.1, 0.5, 0.5), (0.9, 0.1, 0.1, 0.1))
    found = facts_changed(bundle, one, other)
    assert found.whole == 8
    assert found.kinds == {
        "true to unknown": 1,
        "true to false": 1,
        "false to unknown": 1,
        "unknown to true": 1,
    }


def test_a_verdict_changes_only_where_the_rule_does(bundle: Bundle) -> None:
    """A drink in doubt beside certain food leaves a cafe borne out; without food it does not."""
    ruleset = load_ruleset(DEFAULT, None)
    categories = {name: ruleset.categories[name] for name in ("food", "cafe")}
    few = replace(ruleset, categories=categories)
    with_food = verdicts_changed(
        bundle, few, scores((0.9, 0.9, 0.1, 0.1)), scores((0.9, 0.5, 0.1, 0.1))
    )
    assert (with_food.count, with_food.whole) == (0, 2)
    without = verdicts_changed(
        bundle, few, scores((0.1, 0.9, 0.1, 0.1)), scores((0.1, 0.5, 0.1, 0.1))
    )
    assert without.kinds == {"relevant to uncertain": 1}


def test_the_command_looks_at_photographs_and_their_quarters(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for label, name in (("cat", "cat.jpg"), ("none", "brushes.jpg")):
        (tmp_path / label).mkdir()
        shutil.copy(repository / "demo" / "photos" / name, tmp_path / label)
    assert main([str(tmp_path)]) == 0
    whole = capsys.readouterr().out
    assert "2 images, bfloat16 beside float32" in whole
    assert "of 26 |" in whole
    assert "| bfloat16 |" in whole
    assert main([str(tmp_path), "--parts"]) == 0
    parts = capsys.readouterr().out
    assert "8 images" in parts
    assert "| bfloat16 |" not in parts  # what a quarter shows nobody said


def test_a_folder_without_photographs_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "holds no photographs" in capsys.readouterr().err
