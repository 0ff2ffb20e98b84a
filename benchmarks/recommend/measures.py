"""What a method's lists are worth, with bootstrap intervals over the people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Lists = Mapping[int, Sequence[int]]
RESAMPLED = 1000


@dataclass(frozen=True)
class Measure:
    """A mean over people and its 95% interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f}–{self.high:.3f})"


def hit(wanted: int, shown: Sequence[int], k: int) -> float:
    """Recall@k of one wanted film."""
    return float(wanted in shown[:k])


def gain(wanted: int, shown: Sequence[int], k: int = 10) -> float:
    """nDCG@k of one wanted film: 1 in the first place, less the further down."""
    first = list(shown[:k])
    return float(1 / np.log2(first.index(wanted) + 2)) if wanted in first else 0.0


def over_people(
    lists: Lists, wanted: Mapping[int, int], measure: Callable[[int, Sequence[int]], float]
) -> Measure:
    """The mean over all people of whom a film is looked for."""
    return interval(np.array([measure(film, lists.get(p, ())) for p, film in wanted.items()]))


def novelty(lists: Lists, wanted: Mapping[int, int], likers: Sequence[int], k: int = 10) -> Measure:
    """How little known the shown films are: the mean of -log2 of the share of people who like one
    (one liker is added to each), in bits."""
    share = (np.asarray(likers) + 1) / (sum(1 for _ in wanted) + 1)
    bits = -np.log2(np.minimum(share, 1))
    return interval(np.array([bits[list(lists[p][:k])].mean() for p in wanted if lists.get(p)]))


def coverage(lists: Lists, films: int, k: int = 10) -> float:
    """The share of all films that are in anybody's first ``k``."""
    return len({film for shown in lists.values() for film in shown[:k]}) / films


def interval(values: npt.NDArray[np.float64], seed: int = 0) -> Measure:
    """The mean, and where it lies in 95% of samples drawn with replacement."""
    if not len(values):
        return Measure(float("nan"), float("nan"), float("nan"))
    chance = np.random.default_rng(seed)
    drawn = chance.integers(0, len(values), (RESAMPLED, len(values)))
    low, high = np.quantile(values[drawn].mean(axis=1), (0.025, 0.975))
    return Measure(float(values.mean()), float(low), float(high))
