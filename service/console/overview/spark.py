"""The days of one share as a small line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intervals import Share

HEIGHT = 30
MARGIN = 3


@dataclass(frozen=True)
class Spark:
    """Lines through days that follow each other, in a plot as wide as there are days.

    ``since`` is where the days that are judged begin; ``level`` is the height of the share before
    them, None where there was none.
    """

    width: int
    since: int
    before: Sequence[str]
    now: Sequence[str]
    level: float | None


def spark(before: Sequence[Share], now: Sequence[Share]) -> Spark:
    """Draw the days before and those that are judged, from 0 to the highest day."""
    days = [*before, *now]
    most = max((day.value or 0 for day in days), default=0) or 1.0
    heights = [None if day.value is None else _height(day.value, most) for day in days]
    hits, of = sum(day.hits for day in before), sum(day.of for day in before)
    return Spark(
        len(days),
        len(before),
        _lines(heights[: len(before)], 0),
        _lines(heights[len(before) :], len(before)),
        _height(hits / of, most) if of else None,
    )


def _height(value: float, most: float) -> float:
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / most, 2)


def _lines(heights: Sequence[float | None], start: int) -> list[str]:
    """One line for each run of days that were counted; a day alone is a dot."""
    runs: list[list[str]] = [[]]
    for number, height in enumerate(heights):
        if height is None:
            runs.append([])
        else:
            runs[-1].append(f"{start + number + 0.5},{height}")
    return [" ".join(run if len(run) > 1 else run * 2) for run in runs if run]
