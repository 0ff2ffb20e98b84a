"""Figures with the intervals in which they would lie had other photographs been drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Scored = dict[str, tuple[float, float, float]]

DRAWS = 200


def scored(scores: Floats, truth: Floats, seed: int = 0) -> Scored:
    """Accuracy, macro F1 and mean average precision, each with its 95 % interval (low, high).

    ``scores`` float32 [n, labels], ``truth`` [n, labels] with NaN for unknown. Accuracy is the
    share of statements (a score from one half on says "shown") that are right. Intervals are
    percentiles over photographs drawn with replacement (Efron 1979, the bootstrap).
    """
    random = np.random.default_rng(seed)
    count = len(scores)
    labels = [_sorted(scores[:, column], truth[:, column]) for column in range(truth.shape[1])]
    here = _figures(labels, np.ones(count))
    draws = []
    for _ in range(DRAWS):
        index = random.integers(0, count, count)
        draws.append(_figures(labels, np.bincount(index, minlength=count).astype(np.float64)))
    low, high = np.nanpercentile(np.array(draws), [2.5, 97.5], axis=0)
    names = ("accuracy", "macro F1", "mean AP")
    return {name: (float(here[i]), float(low[i]), float(high[i])) for i, name in enumerate(names)}


@dataclass(frozen=True)
class _Label:
    """The photographs of which a label is known, the highest score first.

    Sorted once, since the draws differ only in how often each photograph was drawn. ``rows`` are
    their places among all, ``said`` and ``shown`` are 1 or 0, ``ends`` the last of each score.
    """

    rows: NDArray[np.intp]
    said: Doubles
    shown: Doubles
    ends: NDArray[np.intp]


def _sorted(scores: Floats, truth: Floats) -> _Label:
    known = np.flatnonzero(~np.isnan(truth))
    rows = known[np.argsort(-scores[known], kind="stable")]
    falling = scores[rows]
    ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True)[: len(rows)])
    said, shown = falling >= 0.5, truth[rows] == 1
    return _Label(rows, said.astype(np.float64), shown.astype(np.float64), ends)


def _figures(labels: list[_Label], drawn: Doubles) -> tuple[float, float, float]:
    """The three figures; ``drawn`` [n] says how often each photograph counts."""
    right = total = 0.0
    f1, precision = [], []
    for label in labels:
        weights = drawn[label.rows]
        among, shown = float(weights.sum()), float(weights @ label.shown)
        said, both = float(weights @ label.said), float(weights @ (label.said * label.shown))
        total += among
        right += among - said - shown + 2 * both
        if not shown:
            continue
        f1.append(2 * both / (said + shown))
        if shown < among:
            precision.append(_average_precision(label, weights))
    mean = [float(np.mean(values)) if values else float("nan") for values in (f1, precision)]
    return right / total if total else float("nan"), mean[0], mean[1]


def _average_precision(label: _Label, weights: Doubles) -> float:
    """As ``sklearn.metrics.average_precision_score`` defines it: equal scores are one step."""
    found = np.cumsum(weights * label.shown)[label.ends]
    among = np.cumsum(weights)[label.ends]
    steps = np.diff(found, prepend=0.0)
    return float((steps * found / np.maximum(among, 1.0)).sum() / found[-1])
