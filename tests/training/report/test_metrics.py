"""Figures, and None where there is nothing to divide by."""

from __future__ import annotations

import numpy as np
import pytest

from classifiers import Label
from classifiers.label import facts_of
from training.report.metrics import facts_matrix, measure, table

LABELS = (
    Label("animal", "object", None, {}, 0.8, 0.2),
    Label("cat", "object", "animal", {}, 0.8, 0.2),
)
SCORES = np.array([[0.9, 0.1], [0.9, 0.9], [0.6, 0.1], [0.1, 0.1], [0.7, 0.9]], np.float32)
TRUTH = np.array([[1, 0], [0, 1], [1, 0], [1, 0], [1, np.nan]], np.float32)


def test_each_figure() -> None:
    (animal, cat), summary = measure(LABELS, SCORES, TRUTH)
    assert (animal.photographs, animal.shown) == (5, 4)
    assert animal.precision == pytest.approx(3 / 4)
    assert animal.recall == pytest.approx(3 / 4)
    assert animal.f1 == pytest.approx(3 / 4)
    assert animal.coverage == pytest.approx(4 / 5)  # the last is true because the cat is
    assert animal.wrong_true == pytest.approx(1 / 3)
    assert animal.wrong_false == pytest.approx(1 / 1)
    assert animal.missed == pytest.approx(1 / 4)
    assert (cat.photographs, cat.shown, cat.f1) == (4, 1, 1.0)
    assert summary.coverage == pytest.approx(8 / 9)
    assert summary.macro_f1 == pytest.approx((0.75 + 1) / 2)


def test_nothing_known_is_none_and_not_zero() -> None:
    nothing = np.full((3, 2), np.nan, np.float32)
    (animal, _), summary = measure(LABELS, SCORES[:3], nothing)
    assert (animal.photographs, animal.shown) == (0, 0)
    assert animal.f1 is animal.coverage is animal.wrong_true is animal.average_precision is None
    assert summary.macro_f1 is summary.coverage is None


def test_the_table_has_a_row_a_label() -> None:
    text = table(*measure(LABELS, SCORES, TRUTH))
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert [row.split("|")[1].strip() for row in rows] == ["label", "---", "animal", "cat"]
    assert "Macro F1 0.875" in text


def test_facts_of_many_photographs_are_those_of_each() -> None:
    """Three generations in any order, one label without thresholds, scores on the thresholds."""
    labels = (
        Label("kitten", "object", "cat", {}, 0.7, 0.3),
        Label("animal", "object", None, {}, 0.8, 0.2),
        Label("food", "object", None, {}, None, None),
        Label("cat", "object", "animal", {}, 0.9, 0.1),
    )
    random = np.random.default_rng(2)
    scores = random.choice([0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0], (500, 4))
    scores = scores.astype(np.float32)
    value = {True: 1.0, False: 0.0, None: np.nan}
    names = [label.name for label in labels]
    expected = [
        [value[fact] for fact in facts_of(labels, dict(zip(names, row, strict=True))).values()]
        for row in scores.tolist()
    ]
    assert np.array_equal(facts_matrix(labels, scores), expected, equal_nan=True)
