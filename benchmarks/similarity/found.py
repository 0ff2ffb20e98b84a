"""What ways of searching found and took, as a row and as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure


@dataclass(frozen=True)
class Found:
    """Of one way among ``count`` embeddings: the share of the ten nearest that it found, and
    milliseconds a search. ``built`` is in seconds, ``size`` in bytes."""

    count: int
    way: str
    recall: float
    middle: float
    high: float
    built: float
    size: int


def row_of(found: Found) -> str:
    """A row of the table."""
    index = f"{found.built:.0f} | {found.size / 2**20:.0f}" if found.built else "– | –"
    return (
        f"| {found.count:,} | {found.way} | {found.recall:.3f} | {found.middle:.1f} "
        f"| {found.high:.1f} | {index} |"
    )


def draw(rows: Sequence[Found], file: Path) -> None:
    """Milliseconds against the number of embeddings, both logarithmic: the middle and the 95th
    percentile as the edges of an area."""
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for way in dict.fromkeys(row.way for row in rows):
        mine = [row for row in rows if row.way == way]
        counts = [row.count for row in mine]
        (line,) = axes.plot(counts, [row.middle for row in mine], marker="o", label=way)
        axes.fill_between(
            counts,
            [row.middle for row in mine],
            [row.high for row in mine],
            color=line.get_color(),
            alpha=0.15,
        )
    axes.set(xscale="log", yscale="log", xlabel="embeddings", ylabel="milliseconds a search")
    axes.set_title("p50 (line) and p95 (upper edge)")
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3, which="both")
    figure.savefig(file)
