"""Where values stand on a chart's axes."""

from __future__ import annotations

import math
from dataclasses import dataclass

MOST_LINES = 5


@dataclass(frozen=True)
class Scale:
    """From 0 at the bottom of a plot to ``top`` at its upper edge, with a line every ``step``."""

    top: int
    step: int

    @property
    def lines(self) -> list[int]:
        """The values that have a line."""
        return list(range(0, self.top + 1, self.step))

    def height(self, value: float, pixels: float) -> float:
        """How high a value reaches in a plot of so many pixels."""
        return round(pixels * value / self.top, 2)


def scale_for(most: int) -> Scale:
    """A scale of round numbers that counts up to ``most`` fit in."""
    rough = max(1.0, most / MOST_LINES)
    ten = 10 ** math.floor(math.log10(rough))
    step = next(int(factor * ten) for factor in (1, 2, 5, 10) if factor * ten >= rough)
    return Scale(step * max(1, math.ceil(most / step)), step)
