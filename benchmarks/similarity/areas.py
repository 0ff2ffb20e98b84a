"""How well each method tells true hashtags from swapped ones, in rows of a table and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

CHANCE = 0.5
APART = 0.11  # of the distance of two sets, between the methods within one


@dataclass(frozen=True)
class Area:
    """Of one set of posts and one method: how many pairs it scores, and ``found``: the area under
    the ROC curve and the ends of its 95 % interval; None: pairs of one kind have no such area."""

    posts: str
    method: str
    pairs: int
    found: tuple[float, float, float] | None


def row_of(area: Area) -> str:
    """A row of a Markdown table."""
    start = f"| {area.posts} | {area.method} | {area.pairs:,} |"
    if area.found is None:
        return f"{start} | |"
    value, low, high = area.found
    return f"{start} {value:.3f} | {low:.3f} to {high:.3f} |"


def draw(areas: Sequence[Area], file: Path) -> None:
    """Each method's area with its interval, the sets below each other; without any, it is left out.

    The dotted line is chance.
    """
    known = [(area, area.found) for area in areas if area.found is not None]
    sets = list(dict.fromkeys(area.posts for area, _ in known))
    methods = list(dict.fromkeys(area.method for area, _ in known))
    figure = Figure(figsize=(7, 1.2 + 1.3 * len(sets)), layout="constrained")
    axes = figure.subplots()
    for number, method in enumerate(methods):
        drawn = [(sets.index(area.posts), f) for area, f in known if area.method == method]
        aside = APART * (number - (len(methods) - 1) / 2)
        axes.errorbar(
            [value for _, (value, _, _) in drawn],
            [place + aside for place, _ in drawn],
            xerr=np.array([(value - low, high - value) for _, (value, low, high) in drawn]).T,
            fmt="o",
            markersize=4,
            capsize=2,
            label=method,
        )
    axes.axvline(CHANCE, color="grey", linestyle=":", linewidth=1)
    axes.set_yticks(range(len(sets)), sets)
    axes.invert_yaxis()
    axes.set_xlabel("area under the ROC curve, with its 95 % interval")
    figure.legend(fontsize="small", loc="outside lower center", ncols=3)
    axes.grid(alpha=0.3, axis="x")
    figure.savefig(file)
