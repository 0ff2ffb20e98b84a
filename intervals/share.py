"""A share and its confidence interval: Wilson's score interval.

E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the
American Statistical Association 22 (1927).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z95 = 1.959964  # the normal distribution's 97.5th percentile: 95 % between both bounds
ONE_SIDED_95 = 1.644854  # its 95th percentile: 95 % above the lower bound


def wilson(hits: float, of: float, z: float) -> tuple[float, float]:
    """The bounds of the share ``hits / of`` for a normal quantile ``z``; ``of`` is above 0.

    The share always lies within them, even where rounding would put it outside.
    """
    share = hits / of
    middle = (hits + z**2 / 2) / (of + z**2)
    half = z * math.sqrt(hits * (of - hits) / of + z**2 / 4) / (of + z**2)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of``; ``low`` and ``high`` are its 95 % interval.

    If ``of`` is 0, value and bounds are None.
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
        return wilson(self.hits, self.of, Z95)[0] if self.of else None

    @property
    def high(self) -> float | None:
        """The upper bound, in 0..1."""
        return wilson(self.hits, self.of, Z95)[1] if self.of else None
