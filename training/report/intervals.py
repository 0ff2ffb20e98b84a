"""Figures with intervals: how far they move when other photographs had been drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

Floats = NDArray[np.float32]
Scored = dict[str, tuple[float, float, float]]

DRAWS = 200


def scored(scores: Floats, truth: Floats, seed: int = 0) -> Scored:
    """Accuracy, macro F1 and mean average precision, each with its 95 % interval (low, high).

    ``scores`` float32 [n, labels], ``truth`` [n, labels] with NaN for unknown. Accuracy is the
    share of statements (a score from one half on says "shown") that are right. Intervals are
    percentiles over photographs drawn with replacement (Efron 1979, the bootstrap).
    """
    random = np.random.default_rng(seed)
    here = _figures(scores, truth)
    draws = []
    for _ in range(DRAWS):
        index = random.integers(0, len(scores), len(scores))
        draws.append(_figures(scores[index], truth[index]))
    low, high = np.nanpercentile(np.array(draws), [2.5, 97.5], axis=0)
    names = ("accuracy", "macro F1", "mean AP")
    return {name: (float(here[i]), float(low[i]), float(high[i])) for i, name in enumerate(names)}


def _figures(scores: Floats, truth: Floats) -> tuple[float, float, float]:
    known = ~np.isnan(truth)
    said, shown = scores >= 0.5, truth == 1
    right = float((said == shown)[known].mean()) if known.any() else float("nan")
    f1, precision = [], []
    for column in range(truth.shape[1]):
        rows = known[:, column]
        s, y = said[rows, column], shown[rows, column]
        if not y.any():
            continue
        f1.append(2 * float((s & y).sum()) / float(s.sum() + y.sum()))
        if not y.all():
            precision.append(float(average_precision_score(y, scores[rows, column])))
    mean = [float(np.mean(values)) if values else float("nan") for values in (f1, precision)]
    return right, mean[0], mean[1]
