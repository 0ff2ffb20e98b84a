"""Facts from scores: two thresholds, and what a child says of its parent."""

from __future__ import annotations

import pytest

from classifiers import Label
from classifiers.label import facts_of


def label(
    name: str, parent: str | None = None, true_at: float | None = 0.7, false_at: float | None = 0.2
) -> Label:
    return Label(name, "object", parent, {"en": name}, true_at, false_at)


@pytest.mark.parametrize(
    ("score", "fact"),
    [(1.0, True), (0.7, True), (0.69, None), (0.21, None), (0.2, False), (0, False)],
)
def test_thresholds_belong_to_the_facts_they_state(score: float, fact: bool | None) -> None:
    assert label("food").fact(score) is fact


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_without_thresholds_everything_is_unknown(score: float) -> None:
    assert label("food", true_at=None, false_at=None).fact(score) is None


FAMILY = (label("animal"), label("cat", "animal"), label("kitten", "cat"), label("food"))


@pytest.mark.parametrize(
    ("animal", "cat", "kitten", "expected"),
    [
        (0.9, 0.9, 0.1, (True, True, False)),
        (0.5, 0.9, 0.1, (True, True, False)),  # a cat is an animal
        (0.5, 0.5, 0.9, (True, True, True)),  # a kitten is a cat, hence an animal
        (0.1, 0.5, 0.1, (False, False, False)),  # no animal, no cat
        (0.1, 0.1, 0.5, (False, False, False)),
        (0.1, 0.9, 0.5, (True, True, None)),  # contradiction: the more specific statement counts
        (0.5, 0.5, 0.5, (None, None, None)),
    ],
)
def test_parents_and_children_agree(
    animal: float, cat: float, kitten: float, expected: tuple[bool | None, ...]
) -> None:
    facts = facts_of(FAMILY, {"animal": animal, "cat": cat, "kitten": kitten, "food": 0.5})
    assert (facts["animal"], facts["cat"], facts["kitten"]) == expected
    assert facts["food"] is None
