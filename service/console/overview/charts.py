"""Turn values into the shapes of a chart.

Across, shapes are in per cent of the plot, so a chart fits every width while its text stays as
large as the page's; upwards, they are in pixels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.console.overview.scale import scale_for

HEIGHT = 170
GAP = 0.16  # of a column's place


@dataclass(frozen=True)
class Kind:
    """What one part of a column stands for; ``tone`` names its colour and filling."""

    name: str
    title: str
    tone: str


@dataclass(frozen=True)
class ChartPlace:
    """One column's place along the axis: what it is called, and the text below, if it has one.

    A minor text is left out where there is little room.
    """

    name: str
    tick: str = ""
    minor: bool = False


@dataclass(frozen=True)
class Text:
    """A text at an axis: how far along it, and, within the plot, how far down."""

    at: float
    text: str
    minor: bool = False
    down: float = 0


@dataclass(frozen=True)
class Box:
    """One rectangle, and what it says when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    says: str


@dataclass(frozen=True)
class Chart:
    """What a template draws between two axes: boxes, or the line that an area has above it."""

    boxes: Sequence[Box]
    across: Sequence[Text]
    up: Sequence[Text]
    kinds: Sequence[Kind] = ()
    values: Sequence[Text] = ()
    line: str = ""
    height: int = HEIGHT


def stacked(
    places: Sequence[ChartPlace], counts: Sequence[Mapping[str, int]], kinds: Sequence[Kind]
) -> Chart:
    """Columns of several parts, the first kind at the bottom."""
    scale = scale_for(max((sum(one.values()) for one in counts), default=0))
    boxes = []
    for number, (place, found) in enumerate(zip(places, counts, strict=True)):
        below = 0
        for kind in kinds:
            if count := found.get(kind.name, 0):
                low, high = scale.height(below, HEIGHT), scale.height(below + count, HEIGHT)
                says = f"{place.name}: {kind.title} {count:,}"
                boxes.append(_box(number, len(places), low, high, kind.tone, says))
                below += count
    return Chart(boxes, _middles(places), _up(scale.lines, scale.top), kinds)


def histogram(places: Sequence[ChartPlace], counts: Sequence[int], tone: str) -> Chart:
    """Columns with their numbers above; each text stands where its column begins."""
    scale = scale_for(max(counts, default=0))
    boxes, values = [], []
    for number, (place, count) in enumerate(zip(places, counts, strict=True)):
        if count:
            high = scale.height(count, HEIGHT)
            says = f"{place.name}: {count:,}"
            boxes.append(_box(number, len(places), 0, high, tone, says))
            values.append(
                Text(_percent(number + 0.5, len(places)), f"{count:,}", down=boxes[-1].y - 5)
            )
    begins = [
        Text(_percent(number, len(places)), place.tick, minor=number % 2 == 1)
        for number, place in enumerate(places)
    ]
    return Chart(boxes, begins, _up(scale.lines, scale.top), values=values)


def area(places: Sequence[ChartPlace], counts: Sequence[int]) -> Chart:
    """A level at each place, as an area; its line is in a plot 100 wide.

    The boxes are as high as the plot and cannot be seen: they say a place's value.
    """
    scale = scale_for(max(counts, default=0))
    heights = [HEIGHT - scale.height(count, HEIGHT) for count in counts]
    steps = [f"V{height}H{_percent(n + 1, len(places))}" for n, height in enumerate(heights)]
    boxes = [
        _box(n, len(places), 0, HEIGHT, "unseen-box", f"{place.name}: {count:,}", gap=0)
        for n, (place, count) in enumerate(zip(places, counts, strict=True))
    ]
    line = f"M0,{heights[0]}{''.join(steps)}"
    return Chart(boxes, _middles(places), _up(scale.lines, scale.top), line=line)


def _box(
    number: int, of: int, low: float, high: float, tone: str, says: str, gap: float = GAP
) -> Box:
    wide = 100 / of
    x, width = round((number + gap / 2) * wide, 3), round(wide * (1 - gap), 3)
    return Box(x, round(HEIGHT - high, 2), width, round(high - low, 2), tone, says)


def _middles(places: Sequence[ChartPlace]) -> list[Text]:
    return [
        Text(_percent(number + 0.5, len(places)), place.tick, place.minor)
        for number, place in enumerate(places)
        if place.tick
    ]


def _up(lines: Sequence[int], top: int) -> list[Text]:
    return [Text(round(HEIGHT * (1 - line / top), 2), f"{line:,}") for line in lines]


def _percent(number: float, of: int) -> float:
    return round(100 * number / of, 3)
