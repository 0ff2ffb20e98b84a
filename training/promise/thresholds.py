"""Chooses a label's two thresholds so that at most a promised share of its facts is wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from training.promise.clusters import Ids, trials

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# Nothing is stated true below this score, nor false above it.
MIDDLE = 0.5
# Each threshold tried states so many times more facts than the one before.
STEP = 1.05
# Each search begins with so many times the fewest facts that can bear a promise out, and may use
# up such a share of the doubt (one less the confidence). A single search would end at its first
# step where a few labels of the surest photographs are wrong.
STARTS = ((1, 0.7), (2, 0.1), (4, 0.1), (8, 0.1))
# The key of a label's own promise in a bundle is this and the label's name.
OWN = "max_error of "


@dataclass(frozen=True)
class Promise:
    """At most ``max_error`` of the stated facts are wrong, with probability ``confidence``."""

    max_error: float = 0.05
    confidence: float = 0.95


def promises(
    names: Sequence[str], promise: Promise, max_errors: Mapping[str, float]
) -> list[Promise]:
    """Each label's promise: its own share of wrong facts where that is looser than that of all."""
    return [
        replace(promise, max_error=max(promise.max_error, max_errors.get(name, 0.0)))
        for name in names
    ]


def promise_facts(promise: Promise, max_errors: Mapping[str, float]) -> dict[str, float]:
    """A promise as it is written into a bundle: that of all labels, and of those with their own."""
    looser = {n: share for n, share in max_errors.items() if share > promise.max_error}
    own = {OWN + name: share for name, share in looser.items()}
    return {"max_error": promise.max_error, "confidence": promise.confidence} | own


def own_promises(facts: Mapping[str, float]) -> dict[str, float]:
    """The labels with a promise of their own, as ``promise_facts`` wrote them."""
    return {key.removeprefix(OWN): share for key, share in facts.items() if key.startswith(OWN)}


def promises_of(names: Sequence[str], facts: Mapping[str, float]) -> list[Promise]:
    """Each label's promise as ``promise_facts`` wrote it."""
    share, confidence = facts["max_error"], facts["confidence"]
    return [Promise(facts.get(OWN + name, share), confidence) for name in names]


@dataclass(frozen=True)
class Thresholds:
    """A label's thresholds, None where the promise could not be made.

    ``missing`` says how many photographs more that show the label are needed at least before
    ``true_at`` can be promised (0: there are enough, but too many of them look like others).
    ``missing_sources`` says how many sources more are needed before it can be promised for
    photographs of a source never seen (0: it is promised for them, or nothing is known of that).
    """

    true_at: float | None
    false_at: float | None
    missing: int = 0
    missing_sources: int = 0


@dataclass(frozen=True)
class Sources:
    """The source of each photograph (a number), and how alike errors of one source are.

    ``correlation`` is the intraclass correlation (``training.promise.clusters``); with 0 each
    photograph is an independent trial.
    """

    ids: Ids
    correlation: float

    @classmethod
    def none(cls, count: int) -> Sources:
        """Every photograph a source of its own."""
        return cls(np.arange(count), 0.0)

    def take(self, rows: NDArray[np.bool_]) -> Sources:
        """The sources of some of the photographs."""
        return Sources(self.ids[rows], self.correlation)

    def count(self, chosen: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> tuple[float, float]:
        """How many independent trials the chosen photographs are worth, wrong ones and all."""
        if not self.correlation:
            return float((wrong & chosen).sum()), float(chosen.sum())
        worth = trials(self.ids[chosen], self.correlation)
        return float(worth[wrong[chosen]].sum()), float(worth.sum())


def upper_bound(wrong: float, total: float, confidence: float) -> float:
    """The largest error rate that ``wrong`` of ``total`` trials is compatible with.

    One-sided, Clopper and Pearson 1934, "The use of confidence or fiducial limits". Counts need not
    be whole numbers.
    """
    if wrong >= total:
        return 1.0
    return float(betaincinv(wrong + 1, total - wrong, confidence))


def fewest(promise: Promise, wrong: int = 0) -> int:
    """How many stated facts it takes to make the promise although ``wrong`` of them are wrong."""
    total = wrong + 1
    while upper_bound(wrong, total, promise.confidence) > promise.max_error:
        total += 1
    return total


def choose(
    scores: Floats, truth: Floats, promise: Promise, sources: Sources | None = None
) -> Thresholds:
    """The thresholds that state most while the promise holds.

    ``scores`` [n] are calibrated probabilities of held-back photographs, ``truth`` [n] is 1, 0 or
    NaN (unknown). Each side is fixed-sequence testing from several starts (Angelopoulos et al.
    2021, "Learn then Test"): thresholds from the strictest on, until one fails; the order depends
    on scores alone, and the doubt is shared between the starts.
    False facts keep the promise twice: few of those stated are wrong, and few photographs that show
    the label are told not to. For a rare label the first alone would allow "false" everywhere.
    With ``sources``, photographs of one source count as fewer trials, so that the promise is for
    sources never seen.
    """
    known = ~np.isnan(truth)
    s, shown = scores[known].astype(np.float64), truth[known] > 0
    of = (sources or Sources.none(len(truth))).take(known)
    need = fewest(_started(promise, 0), wrong=1)
    have = trials(of.ids[shown], of.correlation).sum()
    if have < need - 1e-9:
        # Too few photographs show the label to promise anything on either side.
        if of.correlation:
            return Thresholds(None, None, 0, _sources_missing(of, shown, need - have))
        return Thresholds(None, None, math.ceil(need - have - 1e-9))
    true_at = _last(s, ~shown, promise, of, among=False)
    false_at = _last(1 - s, shown, promise, of, among=True)
    return Thresholds(true_at, None if false_at is None else 1 - false_at)


def _sources_missing(of: Sources, shown: NDArray[np.bool_], trials_missing: float) -> int:
    """How many sources as large as those at hand are worth so many trials."""
    sizes = np.bincount(of.ids[shown]) if shown.any() else np.zeros(0)
    sizes = sizes[sizes > 0]
    worth = sizes / (1 + (sizes - 1) * of.correlation)
    return math.ceil(trials_missing / (float(np.median(worth)) if len(worth) else 1.0))


def _last(
    sure: Doubles, wrong: NDArray[np.bool_], promise: Promise, of: Sources, among: bool
) -> float | None:
    """The lowest sureness down to which the promise was kept at every step, from any start."""
    need = fewest(_started(promise, 0), wrong=1)
    found = [
        _from(sure, wrong, _started(promise, start), of, (among, times * need))
        for start, (times, _) in enumerate(STARTS)
    ]
    return min((at for at in found if at is not None), default=None)


def _started(promise: Promise, start: int) -> Promise:
    """The promise with the share of the doubt that a start may use up."""
    return replace(promise, confidence=1 - (1 - promise.confidence) * STARTS[start][1])


def _from(
    sure: Doubles,
    wrong: NDArray[np.bool_],
    promise: Promise,
    of: Sources,
    where: tuple[bool, int],
) -> float | None:
    """The same from one start, ``where`` naming whether few of all that are ``wrong`` (to state)
    may be stated, too, and how many trials are stated first."""
    among, need = where
    found = None
    shown, everything = of.take(wrong), np.ones(int(wrong.sum()), np.bool_)
    for at in _sequence(sure, _opening(sure, of, need)):
        stated = sure >= at
        bounds = [upper_bound(*of.count(stated, wrong), promise.confidence)]
        if among:
            missed, all_shown = shown.count(everything, stated[wrong])
            bounds.append(upper_bound(missed, all_shown, promise.confidence))
        if max(bounds) > promise.max_error:
            break
        found = at
    return found


def _opening(sure: Doubles, of: Sources, need: int) -> int:
    """How many of the surest photographs are worth so many trials; more than there are: never."""
    ids = of.ids[np.argsort(-sure, kind="stable")]
    order = np.argsort(ids, kind="stable")
    _, starts, sizes = np.unique(ids[order], return_index=True, return_counts=True)
    rank = np.empty(len(ids))
    rank[order] = np.arange(len(ids)) - np.repeat(starts, sizes)
    before = rank / (1 + np.maximum(rank - 1, 0) * of.correlation)
    worth = np.cumsum((rank + 1) / (1 + rank * of.correlation) - before)
    return int(np.searchsorted(worth, need - 1e-9)) + 1


def _sequence(sure: Doubles, opening: int) -> Iterator[float]:
    """Thresholds that state ``opening`` facts, five in a hundred more each time, and the middle."""
    ordered = np.sort(sure)[::-1]
    count = float(opening)
    while count <= len(ordered) and ordered[int(count) - 1] > MIDDLE:
        yield float(ordered[int(count) - 1])
        count *= STEP
    if opening <= int((sure >= MIDDLE).sum()):
        yield MIDDLE
