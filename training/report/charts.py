"""The report's charts as SVG text, to be put into the page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import beta
from sklearn.metrics import precision_recall_curve

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]

BINS = 10
# Metadata that an SVG would hold; some of it are web addresses, of which the page holds none.
SAID = ("Date", "Creator", "Format", "Type")


@dataclass(frozen=True)
class Sample:
    """Scores [n] of photographs and their truth [n] (1 or 0); ``title`` says which they are."""

    title: str
    scores: Floats
    truth: Floats


def precision_recall(name: str, curves: Sequence[Sample], true_at: float | None) -> str:
    """Precision over recall, one curve each, with a dot where scores reach ``true_at``."""
    figure, axes = _square()
    for curve in curves:
        if not curve.truth.any():
            continue
        precision, recall, steps = precision_recall_curve(curve.truth > 0, curve.scores)
        (line,) = axes.step(recall, precision, where="post", label=curve.title)
        if true_at is not None:
            place = int(np.searchsorted(steps, true_at))
            axes.plot(recall[place], precision[place], "o", color=line.get_color(), markersize=5)
    axes.legend(loc="lower left", fontsize=7)
    axes.set_xlabel("recall", fontsize=8)
    axes.set_ylabel("precision", fontsize=8)
    axes.set_title(name, fontsize=9)
    return _svg(figure)


def reliability(name: str, sample: Sample) -> str:
    """The share shown over the mean score in ten bins, with 95 % intervals.

    Clopper and Pearson 1934: a bin of few photographs has a long bar.
    """
    figure, axes = _square()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=0.7)
    place = np.minimum((sample.scores * BINS).astype(int), BINS - 1)
    bins = [place == one for one in range(BINS) if (place == one).any()]
    total = np.array([chosen.sum() for chosen in bins])
    shown = np.array([sample.truth[chosen].sum() for chosen in bins])
    x = [float(sample.scores[chosen].mean()) for chosen in bins]
    low = np.where(shown > 0, beta.ppf(0.025, np.maximum(shown, 1), total - shown + 1), 0)
    high = np.where(shown < total, beta.ppf(0.975, shown + 1, np.maximum(total - shown, 1)), 1)
    y = shown / total
    axes.errorbar(x, y, yerr=[y - low, high - y], fmt="o", markersize=4, elinewidth=1)
    axes.set_xlabel("score", fontsize=8)
    axes.set_ylabel("share shown", fontsize=8)
    axes.set_title(name, fontsize=9)
    return _svg(figure)


def confused(scores: Floats, truth: Floats) -> Counts:
    """How often photographs that show a label score highest on it, on another label, or on none.

    int [labels + 1, labels + 1] from [n, labels]; the last row are photographs that show nothing.
    What else a photograph shows, or may show, is no confusion: a cat is an animal.
    """
    count = truth.shape[1]
    wrong = np.where(truth == 0, scores, -1)
    rows = []
    for label in range(count):
        shown = truth[:, label] == 1
        seen = wrong[shown]
        seen[:, label] = scores[shown, label]
        rows.append(_tops(seen))
    rows.append(_tops(wrong[(truth != 1).all(axis=1)]))
    return np.array(rows)


def _tops(scores: Floats) -> Counts:
    count = scores.shape[1]
    top = np.where(scores.max(axis=1) >= 0.5, scores.argmax(axis=1), count)
    return np.bincount(top, minlength=count + 1)


def confusion(names: Sequence[str], scores: Floats, truth: Floats) -> str:
    """What ``confused`` counts, as a matrix: rows are what is shown."""
    counts = confused(scores, truth)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ticks = [*names, "none"]
    figure = Figure(figsize=(2 + 0.42 * len(ticks), 1.6 + 0.36 * len(ticks)), layout="constrained")
    axes = figure.subplots()
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(ticks)), ticks, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(ticks)), ticks)
    axes.tick_params(labelsize=8)
    for row, column in np.argwhere(counts):
        colour = "white" if share[row, column] > 0.5 else "black"
        text = str(counts[row, column])
        axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    axes.set_xlabel("highest score", fontsize=9)
    axes.set_ylabel("shown", fontsize=9)
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
        figure.savefig(text, format="svg", metadata=dict.fromkeys(SAID))
    whole = text.getvalue()
    return whole[whole.index("<svg") :]
