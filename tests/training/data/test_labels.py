"""What labels mean is read from a file, or refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data.labels import DEFAULT_LABELS, read_meanings
from training.errors import TrainingError


def test_a_label_implies_those_above_it() -> None:
    assert read_meanings(DEFAULT_LABELS).ancestors("cat") == ["animal"]


def test_a_file_may_say_that_no_label_has_a_meaning(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("labels: {}", "utf-8")
    assert read_meanings(path).of("cat").parent is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty. If no label has a meaning, write: labels: {}"),
        ("# labels:\n#   cat: {parent: animal}", "is empty"),
        ("[cat, dog]", "valid dictionary"),
        ("labels: {cat: {group: thing}}", "labels.cat.group: Input should be 'object' or 'scene'"),
        ("labels: {", "is not YAML"),
    ],
)
def test_other_files_are_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(TrainingError, match="The labels file") as refused:
        read_meanings(path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("labels: {a: {parent: a}}", "the label a is its own ancestor."),
        ("labels: {a: {parent: b}, b: {parent: a}}", "the label a is its own ancestor."),
        ("labels: " + "[" * 5000, "is not YAML"),
        ("- a", "labels.yaml: Input should be"),
    ],
)
def test_a_file_that_no_bundle_could_follow_is_refused(tmp_path: Path, text: str, why: str) -> None:
    """A circle was found when the bundle was loaded, which had taken another's place by then."""
    path = tmp_path / "labels.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(TrainingError) as caught:
        read_meanings(path)
    assert why in str(caught.value)
