"""The report's charts as SVG text, to be put into the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

Floats = NDArray[np.float32]

BINS = 10


def precision_recall(name: str, scores: Floats, truth: Floats) -> str:
    """Precision over recall of scores [n] against truth [n] (1 or 0)."""
    figure, axes = _square()
    if truth.any():
        precision, recall, _ = precision_recall_curve(truth > 0, scores)
        axes.step(recall, precision, where="post")
    axes.set_xlabel("recall")
    axes.set_ylabel("precision")
    axes.set_title(name, fontsize=9)
    return _svg(figure)


def reliability(name: str, scores: Floats, truth: Floats) -> str:
    """The share shown over the mean score, in ten bins, with the number of photographs."""
    figure, axes = _square()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.7)
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    bins = [place == one for one in range(BINS) if (place == one).any()]
    x = [float(scores[chosen].mean()) for chosen in bins]
    y = [float(truth[chosen].mean()) for chosen in bins]
    axes.plot(x, y, "o-", markersize=3)
    for chosen, left, up in zip(bins, x, y, strict=True):
        axes.annotate(str(int(chosen.sum())), (left, up), fontsize=6)
    axes.set_xlabel("score")
    axes.set_ylabel("share shown")
    axes.set_title(name, fontsize=9)
    return _svg(figure)


def confusion(names: Sequence[str], scores: Floats, truth: Floats) -> str:
    """Rows: photographs that show a label. Columns: the label they score highest on, or none."""
    count = len(names)
    top = np.where(scores.max(axis=1) >= 0.5, scores.argmax(axis=1), count)
    rows = [np.flatnonzero(truth[:, place] == 1) for place in range(count)]
    rows.append(np.flatnonzero(np.nan_to_num(truth, nan=1).sum(axis=1) == 0))
    counts = np.array([np.bincount(top[row], minlength=count + 1) for row in rows])
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(6.5, 5.5), layout="constrained")
    axes = figure.subplots()
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    ticks = [*names, "none"]
    axes.set_xticks(range(count + 1), ticks, rotation=60, fontsize=7)
    axes.set_yticks(range(count + 1), ticks, fontsize=7)
    for row in range(count + 1):
        for column in range(count + 1):
            if counts[row, column]:
                colour = "white" if share[row, column] > 0.5 else "black"
                text = str(counts[row, column])
                axes.text(column, row, text, ha="center", va="center", fontsize=6, color=colour)
    axes.set_xlabel("highest score")
    axes.set_ylabel("shown")
    return _svg(figure)


def _square() -> tuple[Figure, Any]:
    figure = Figure(figsize=(2.7, 2.5), layout="constrained")
    axes = figure.subplots()
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.05)
    axes.grid(visible=True, alpha=0.3)
    axes.tick_params(labelsize=7)
    return figure, axes


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "tagsift", "svg.fonttype": "none"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    whole = text.getvalue()
    return whole[whole.index("<svg") :]
