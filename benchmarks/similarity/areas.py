"""How well each method tells true hashtags from swapped ones, in rows of a table and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

CHANCE = 0.5
APART = 0.11  # of the distance of two sets, between the methods within one


@dataclass(frozen=True)
class Area:
    """Of one set of posts and one method: how many pairs it scores, the area under the ROC curve
    with its 95 % interval; None: pairs of one kind alone have no such area."""

    posts: str
    method: str
    pairs: int
    value: float | None
    low: float | None
    high: float | None


def row_of(area: Area) -> str:
    """A row of a Markdown table."""
    start = f"| {area.posts} | {area.method} | {area.pairs:,} |"
    if area.value is None:
        return f"{start} | |"
    return f"{start} {area.value:.3f} | {area.low:.3f} to {area.high:.3f} |"


def draw(areas: Sequence[Area], file: Path) -> None:
    """Each method's area with its interval, the sets below each other; an area of chance is .5."""
    sets = list(dict.fromkeys(area.posts for area in areas))
    methods = list(dict.fromkeys(area.method for area in areas))
    figure = Figure(figsize=(7, 1.2 + 1.3 * len(sets)), layout="constrained")
    axes = figure.subplots()
    for number, method in enumerate(methods):
        drawn = [a for a in areas if a.method == method and a.value is not None]
        places = [sets.index(a.posts) + APART * (number - (len(methods) - 1) / 2) for a in drawn]
        values = [a.value or 0.0 for a in drawn]
        below = [(a.value or 0.0) - (a.low or 0.0) for a in drawn]
        above = [(a.high or 0.0) - (a.value or 0.0) for a in drawn]
        axes.errorbar(
            values, places, xerr=(below, above), fmt="o", markersize=4, capsize=2, label=method
        )
    axes.axvline(CHANCE, color="grey", linestyle=":", linewidth=1)
    axes.set_yticks(range(len(sets)), sets)
    axes.invert_yaxis()
    axes.set_xlabel("area under the ROC curve, with its 95 % interval")
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    axes.grid(alpha=0.3, axis="x")
    figure.savefig(file)
