"""Shares with their 95 % confidence intervals (Wilson)."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964  # the normal distribution's 97.5th percentile


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of``; ``low`` and ``high`` bound the share with 95 % confidence.

    Wilson's score interval: E. B. Wilson, Probable inference, the law of succession, and
    statistical inference, Journal of the American Statistical Association 22 (1927). The share is
    never outside, also where rounding would put it there. Of nothing there is no share or bound.
    """

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, in 0..1."""
        return self.hits / self.of if self.of else None

    @property
    def low(self) -> float | None:
        """The lower bound, in 0..1."""
        return min(self.hits / self.of, max(0.0, self._middle - self._half)) if self.of else None

    @property
    def high(self) -> float | None:
        """The upper bound, in 0..1."""
        return max(self.hits / self.of, min(1.0, self._middle + self._half)) if self.of else None

    @property
    def _middle(self) -> float:
        return (self.hits + Z95**2 / 2) / (self.of + Z95**2)

    @property
    def _half(self) -> float:
        spread = self.hits * (self.of - self.hits) / self.of + Z95**2 / 4
        return Z95 * math.sqrt(spread) / (self.of + Z95**2)
