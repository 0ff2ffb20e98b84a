"""What a post costs as they become more, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.similarity.campaigns.arrive import Cost

LINES = {
    "placing": "its place: the worker (pixels)",
    "placing_sql": "its place: PostgreSQL (search, join)",
    "storing_sql": "storing it: PostgreSQL (with the index)",
    "storing": "storing it: the worker",
}


def draw(costs: Sequence[Cost], file: Path) -> None:
    """Milliseconds of processor a post against the number of posts."""
    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for name, label in LINES.items():
        axes.plot([one.posts for one in costs], [getattr(one, name) for one in costs], label=label)
    axes.set(xlabel="posts", ylabel="milliseconds of processor a post", ylim=(0, None))
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    figure.savefig(file)
