"""Accuracy, F1 and average precision, and how far another draw would move them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, f1_score

from training.report.intervals import scored


def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores of three labels, many of them equal, and their truth, a tenth of it unknown."""
    random = np.random.default_rng(4)
    scores = random.random((count, 3)).round(1).astype(np.float32)
    truth = (random.random((count, 3)) < scores).astype(np.float32)
    truth[random.random((count, 3)) < 0.1] = np.nan
    return scores, truth


def test_the_figures_are_those_of_scikit_learn() -> None:
    scores, truth = drawn(500)
    found = scored(scores, truth)
    known = ~np.isnan(truth)
    parts = [(truth[rows, i], scores[rows, i]) for i, rows in enumerate(known.T)]
    assert found["accuracy"][0] == pytest.approx(((scores >= 0.5) == (truth == 1))[known].mean())
    assert found["macro F1"][0] == pytest.approx(np.mean([f1_score(y, s >= 0.5) for y, s in parts]))
    assert found["mean AP"][0] == pytest.approx(
        np.mean([average_precision_score(y, s) for y, s in parts])
    )


def test_an_interval_holds_the_figure_and_narrows_with_photographs() -> None:
    few, many = scored(*drawn(100)), scored(*drawn(5000))
    for name in ("accuracy", "macro F1", "mean AP"):
        for here, low, high in (few[name], many[name]):
            assert low < here < high
        assert many[name][2] - many[name][1] < (few[name][2] - few[name][1]) / 3


def test_the_draws_are_of_photographs() -> None:
    """As one would draw rows, score by score."""
    scores, truth = drawn(60)
    random = np.random.default_rng(0)
    means = []
    for _ in range(200):
        index = random.integers(0, 60, 60)
        s, t = scores[index], truth[index]
        known = ~np.isnan(t)
        each = [average_precision_score(t[rows, i], s[rows, i]) for i, rows in enumerate(known.T)]
        means.append(np.mean(each))
    assert scored(scores, truth)["mean AP"][1:] == pytest.approx(np.percentile(means, [2.5, 97.5]))


def test_a_label_nothing_is_known_of_counts_for_nothing() -> None:
    scores, truth = drawn(200)
    blank = np.full((200, 1), np.nan, np.float32)
    more = scored(np.append(scores, blank * 0 + 0.5, axis=1), np.append(truth, blank, axis=1))
    assert more == scored(scores, truth)
