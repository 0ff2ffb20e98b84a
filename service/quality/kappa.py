"""Agreement of two people beyond chance: Cohen's kappa."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from intervals import Z95, Share

ENOUGH = 20  # the error below holds for many pairs only: twice the squared number of answers, about


@dataclass(frozen=True)
class Agreement:
    """``agreed`` of ``pairs`` answers to the same hashtags were the same.

    ``kappa`` is Cohen's: 0 where they agree as often as chance would, 1 where always; None where
    both gave one and the same answer throughout, which chance explains as well. ``error`` is its
    standard error.
    """

    pairs: int
    agreed: int
    kappa: float | None
    error: float | None

    @property
    def share(self) -> Share:
        """How often they agreed, with its interval."""
        return Share(self.agreed, self.pairs)

    @property
    def is_enough(self) -> bool:
        """Whether there are pairs enough to say more than how many there are."""
        return self.pairs >= ENOUGH

    @property
    def low(self) -> float | None:
        """The lower bound of kappa's 95 % interval; None if it is undefined."""
        return None if self._half is None else max(-1.0, (self.kappa or 0.0) - self._half)

    @property
    def high(self) -> float | None:
        """The upper bound of kappa's 95 % interval; None if it is undefined."""
        return None if self._half is None else min(1.0, (self.kappa or 0.0) + self._half)

    @property
    def _half(self) -> float | None:
        # Without a single difference the error is 0, and an interval without width would be wrong.
        return Z95 * self.error if self.error and self.is_enough else None


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """The agreement of pairs (what one person said, what the other said).

    Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, with the large-sample standard error of Fleiss, Cohen and Everitt (1969), Large
    sample standard errors of kappa and weighted kappa, Psychological Bulletin 72, equation 13. It
    takes pairs as independent of each other.
    """
    counts = Counter(pairs)
    total, agreed = counts.total(), sum(n for (one, other), n in counts.items() if one == other)
    said = sorted({answer for pair in counts for answer in pair})
    if len(said) < 2:  # chance alone makes them agree
        return Agreement(total, agreed, None, None)
    table = np.array([[counts[one, other] for other in said] for one in said]) / total
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    observed, expected = float(np.trace(table)), float(rows @ columns)
    beyond = 1.0 - expected
    same = np.diag(table) @ (beyond - (rows + columns) * (1.0 - observed)) ** 2
    apart = table * (columns[:, None] + rows[None, :]) ** 2
    differ = (1.0 - observed) ** 2 * (apart.sum() - np.trace(apart))
    whole = (observed * expected - 2.0 * expected + observed) ** 2
    variance = max(0.0, float(same + differ - whole)) / (total * beyond**4)
    return Agreement(total, agreed, (observed - expected) / beyond, math.sqrt(variance))
