"""How good scores and facts are, label by label. What nothing is known of is None, never 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers import Label
from classifiers.label import children_first

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Quality:
    """One label on photographs whose truth is known.

    ``precision``, ``recall`` and ``f1`` take a score from one half on for "shown". ``coverage`` is
    the share of facts that are not unknown; ``wrong_true`` and ``wrong_false`` are the shares of
    the facts stated true, and false, that are wrong; ``missed`` is the share of the photographs
    showing the label that were told not to, ``stated`` of those that were told to.
    """

    label: str
    photographs: int
    shown: int
    average_precision: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    coverage: float | None
    wrong_true: float | None
    wrong_false: float | None
    missed: float | None
    stated: float | None = None


@dataclass(frozen=True)
class Summary:
    """Means over the labels that have a value, and shares over all facts."""

    macro_f1: float | None
    mean_average_precision: float | None
    coverage: float | None
    wrong_true: float | None
    wrong_false: float | None
    stated: float | None = None


def measure(
    labels: Sequence[Label], scores: Floats, truth: Floats
) -> tuple[list[Quality], Summary]:
    """Each label's quality and the summary.

    ``scores`` is float32 [n, labels] calibrated, ``truth`` [n, labels] with 1, 0 or NaN (unknown).
    """
    facts = facts_matrix(labels, scores)
    each = [
        _quality(label.name, scores[:, i], facts[:, i], truth[:, i])
        for i, label in enumerate(labels)
    ]
    known = ~np.isnan(truth)
    return each, Summary(
        macro_f1=_mean([quality.f1 for quality in each]),
        mean_average_precision=_mean([quality.average_precision for quality in each]),
        coverage=_share(int((known & ~np.isnan(facts)).sum()), int(known.sum())),
        wrong_true=_share(
            int(((facts == 1) & (truth == 0)).sum()), int((known & (facts == 1)).sum())
        ),
        wrong_false=_share(
            int(((facts == 0) & (truth == 1)).sum()), int((known & (facts == 0)).sum())
        ),
        stated=_share(int(((facts == 1) & (truth == 1)).sum()), int((truth == 1).sum())),
    )


def average_precision(shown: NDArray[np.bool_], scores: Floats) -> float:
    """Average precision as scikit-learn defines it: equal scores are one step."""
    from sklearn.metrics import average_precision_score  # takes seconds to import

    return float(average_precision_score(shown, scores))


def facts_matrix(labels: Sequence[Label], scores: Floats) -> Floats:
    """``classifiers.label.facts_of`` of every row: float32 [n, labels], 1 true, 0 false, NaN
    unknown."""
    column = {label.name: place for place, label in enumerate(labels)}
    facts = np.full(scores.shape, np.nan, np.float32)
    for label in labels:
        score, own = scores[:, column[label.name]].astype(np.float64), facts[:, column[label.name]]
        if label.false_at is not None:
            own[score <= label.false_at] = 0
        if label.true_at is not None:
            own[score >= label.true_at] = 1
    upwards = [
        (column[label.name], column[label.parent])
        for label in children_first(labels)
        if label.parent is not None
    ]
    for child, parent in upwards:
        facts[facts[:, child] == 1, parent] = 1
    for child, parent in reversed(upwards):
        facts[facts[:, parent] == 0, child] = 0
    return facts


def table(each: Sequence[Quality], summary: Summary) -> str:
    """The figures as a Markdown table, the summary below it."""
    lines = ["| " + " | ".join(_COLUMNS) + " |", "| --- |" + " ---: |" * (len(_COLUMNS) - 1)]
    for quality in each:
        name, photographs, shown, *rates = asdict(quality).values()
        figures = " | ".join(_figure(rate) for rate in rates)
        lines.append(f"| {name} | {photographs} | {shown} | {figures} |")
    lines.append("")
    lines.append(
        f"Macro F1 {_figure(summary.macro_f1)}, mean average precision "
        f"{_figure(summary.mean_average_precision)}, coverage {_figure(summary.coverage)}; of the "
        f"facts stated true {_figure(summary.wrong_true)} are wrong, of those stated false "
        f"{_figure(summary.wrong_false)}. Of what is there {_figure(summary.stated)} is stated."
    )
    return "\n".join(lines)


def _quality(name: str, scores: Floats, facts: Floats, truth: Floats) -> Quality:
    known = ~np.isnan(truth)
    scores, facts, shown = scores[known], facts[known], truth[known] > 0
    said = scores >= 0.5
    hits = int((said & shown).sum())
    precision, recall = _share(hits, int(said.sum())), _share(hits, int(shown.sum()))
    both = 0 < shown.sum() < len(shown)
    wrong_false = int(((facts == 0) & shown).sum())
    return Quality(
        label=name,
        photographs=len(shown),
        shown=int(shown.sum()),
        average_precision=average_precision(shown, scores) if both else None,
        precision=precision,
        recall=recall,
        f1=_share(2 * hits, int(said.sum()) + int(shown.sum())) if shown.any() else None,
        coverage=_share(int((~np.isnan(facts)).sum()), len(facts)),
        wrong_true=_share(int(((facts == 1) & ~shown).sum()), int((facts == 1).sum())),
        wrong_false=_share(wrong_false, int((facts == 0).sum())),
        missed=_share(wrong_false, int(shown.sum())),
        stated=_share(int(((facts == 1) & shown).sum()), int(shown.sum())),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


_COLUMNS = (
    "label",
    "photos",
    "shown",
    "AP",
    "precision",
    "recall",
    "F1",
    "coverage",
    "wrong true",
    "wrong false",
    "missed",
    "stated",
)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
