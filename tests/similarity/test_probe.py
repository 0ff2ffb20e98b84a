"""A few examples, told apart by their embeddings."""

from __future__ import annotations

import numpy as np
import pytest

from similarity.duplicates import Floats
from similarity.probe import fit, held_back, says

DIMENSION = 64


def photographs(count: int, *, shown: bool, seed: int = 0) -> Floats:
    """Embeddings that have a direction in common where something is shown."""
    random = np.random.default_rng(seed + shown)
    rows = random.normal(size=(count, DIMENSION))
    rows[:, 0] += 10 if shown else -10
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def examples(each: int = 10) -> tuple[Floats, np.ndarray]:
    rows = np.vstack([photographs(each, shown=True), photographs(each, shown=False)])
    return rows, np.arange(2 * each) < each


def test_what_was_never_seen_is_told_apart() -> None:
    probe = fit(*examples())
    assert (probe.scores(photographs(50, shown=True, seed=7)) > 0.7).all()
    assert (probe.scores(photographs(50, shown=False, seed=7)) < 0.3).all()


def test_both_sides_weigh_the_same_however_many_they_are() -> None:
    rows = np.vstack([photographs(3, shown=True), photographs(60, shown=False)])
    scores = fit(rows, np.arange(63) < 3).scores(rows)
    assert (scores[:3] > 0.7).all()
    assert scores[:3].mean() + scores[3:].mean() == pytest.approx(1, abs=0.1)


def test_an_example_is_held_back_with_all_of_its_author() -> None:
    rows, positive = examples()
    # One author's photographs contradict everybody else's: only a probe that saw them agrees.
    positive[:2] = False
    authors = ["liar", "liar", *range(len(rows) - 2)]
    assert (held_back(rows, positive, authors)[:2] > 0.7).all()


def test_without_the_only_author_of_a_side_nothing_is_said() -> None:
    rows, positive = examples()
    authors = ["one"] * 10 + [f"other-{number}" for number in range(10)]
    assert np.isnan(held_back(rows, positive, authors)[:10]).all()


@pytest.mark.parametrize("positive", [True, False])
def test_one_side_teaches_nothing(positive: bool) -> None:
    with pytest.raises(ValueError, match="both sides"):
        fit(photographs(5, shown=True), np.full(5, positive))


@pytest.mark.parametrize(
    ("score", "expected"), [(0.7, True), (0.69, None), (0.31, None), (0.3, False)]
)
def test_scores_between_two_thresholds_leave_it_in_doubt(
    score: float, expected: bool | None
) -> None:
    assert says(score) is expected
