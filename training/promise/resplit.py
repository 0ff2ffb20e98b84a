"""Measures thresholds on sources that they were not chosen on, over many random halves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.promise.clusters import cluster_ids
from training.promise.holdout import HeldBack
from training.promise.settle import Settled, settle_all
from training.promise.thresholds import Promise
from training.report.metrics import average_precision


@dataclass(frozen=True)
class Resplit:
    """A label over the splits in which it was stated true on both sides.

    ``wrong`` is the mean share of wrong facts among those stated true on the other half of the
    sources, ``kept`` the share of splits in which it was within the promise, ``stated`` the mean
    share stated of what is there, ``precision`` average precision, where one set of sources was
    measured. None where it was never stated.
    """

    label: str
    splits: int
    wrong: float | None
    kept: float | None
    stated: float | None
    precision: float | None = None


def resplit(
    names: Sequence[str],
    held: HeldBack,
    promises: Sequence[Promise],
    way: str,
    splits: int,
    seed: int,
) -> list[Resplit]:
    """Chooses thresholds on a random half of the sources, and measures them on the other half.

    Sources that share pictures go to one half. The log-odds are those held back: of each source by
    heads that were trained without it.
    """
    random = np.random.default_rng(seed)
    ids = cluster_ids(held.families)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(splits):
        here = random.permutation(ids.max() + 1)[ids] % 2 == 0
        settled = settle_all(
            held.new[here], held.known[here], held.truth[here], promises, way, ids[here]
        )
        for column, (name, one) in enumerate(zip(names, settled, strict=True)):
            row = _measured(one, held, column, ~here)
            if row is not None:
                found[name].append(row)
    return [
        _summed(name, found[name], promise) for name, promise in zip(names, promises, strict=True)
    ]


def apart(
    names: Sequence[str],
    held: HeldBack,
    promises: Sequence[Promise],
    way: str,
    sources: frozenset[str],
) -> list[Resplit]:
    """Chooses thresholds without the sources that are named, and measures on these alone."""
    ids = cluster_ids(held.families)
    there = np.array([source in sources for source in held.sources])
    here = ~np.isin(ids, ids[there])
    settled = settle_all(
        held.new[here], held.known[here], held.truth[here], promises, way, ids[here]
    )
    found = []
    for column, (name, one) in enumerate(zip(names, settled, strict=True)):
        row = _measured(one, held, column, there)
        precision = _precision(held, column, there)
        if row is None:
            found.append(Resplit(name, 0, None, None, None, precision))
        else:
            kept = float(row[0] <= promises[column].max_error)
            found.append(Resplit(name, 1, row[0], kept, row[1], precision))
    return found


def _precision(held: HeldBack, column: int, there: NDArray[np.bool_]) -> float | None:
    known = there & ~np.isnan(held.truth[:, column])
    truth = held.truth[known, column] > 0
    if not truth.any() or truth.all():
        return None
    return average_precision(truth, held.new[known, column])


def _measured(
    one: Settled, held: HeldBack, column: int, there: NDArray[np.bool_]
) -> tuple[float, float] | None:
    """Shares wrong of what is stated true, and stated of what is there; None: nothing to tell."""
    if one.thresholds.true_at is None:
        return None
    known = there & ~np.isnan(held.truth[:, column])
    truth = held.truth[known, column] > 0
    true = one.calibration.score(held.new[known, column]) >= one.thresholds.true_at
    if not (true.any() and truth.any()):
        return None
    return float((~truth)[true].mean()), float(true[truth].mean())


def _summed(name: str, rows: Sequence[tuple[float, float]], promise: Promise) -> Resplit:
    if not rows:
        return Resplit(name, 0, None, None, None)
    wrong, stated = np.array(rows).T
    kept = float((wrong <= promise.max_error).mean())
    return Resplit(name, len(rows), float(wrong.mean()), kept, float(stated.mean()))


def as_table(rows: Sequence[Resplit], based: Mapping[str, str]) -> str:
    """Markdown: a line a label, with what its thresholds in the bundle rest on."""
    lines = ["| label | splits | AP | wrong of true | within the promise | stated | rests on |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for one in rows:
        figures = (one.precision, one.wrong, one.kept, one.stated)
        cells = " | ".join("–" if value is None else f"{value:.3f}" for value in figures)
        lines.append(f"| {one.label} | {one.splits} | {cells} | {based[one.label]} |")
    return "\n".join(lines)
