"""A comparison as one table and one plot."""

from __future__ import annotations

import io
from collections.abc import Sequence

from training.runs.compare import SCRATCH, BackboneRow

TABLE, PLOT = "comparison.md", "comparison.svg"
MARKS = "osD^v*"


def as_table(rows: Sequence[BackboneRow]) -> str:
    """Markdown; figures have their 95 % interval in brackets."""
    lines = [
        "| backbone | way | weights | px | accuracy | macro F1 | mean AP | images/s, core | MB "
        "| training |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        figures = " | ".join(
            f"{here:.3f} [{low:.3f}, {high:.3f}]" for here, low, high in row.scored.values()
        )
        lines.append(
            f"| {row.backbone} | {row.way} | {row.weights} | {row.size} | {figures} | "
            f"{row.images_a_second:.0f} | {row.megabytes:.1f} | {row.seconds:.0f} s |"
        )
    return "\n".join(lines) + "\n"


def plot(rows: Sequence[BackboneRow]) -> bytes:
    """An SVG: mean average precision over images a second, a mark a way, intervals as bars."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "tagsift"  # so that the same rows give the same bytes
    figure, axes = plt.subplots(figsize=(7.5, 4.5))
    ways = list(dict.fromkeys(row.way for row in rows))
    names = list(dict.fromkeys(row.backbone for row in rows))
    for row in rows:
        here, low, high = row.scored["mean AP"]
        colour = f"C{names.index(row.backbone) % 10}"
        axes.errorbar(
            row.images_a_second * (1 + 0.02 * ways.index(row.way)),
            here,
            yerr=[[max(here - low, 0)], [max(high - here, 0)]],
            fmt=MARKS[ways.index(row.way) % len(MARKS)],
            color=colour,
            capsize=2,
        )
    frozen_random = {r.backbone for r in rows if r.way != SCRATCH and r.weights == "random"}
    for name in names:
        label = f"{name} (random weights)" if name in frozen_random else name
        axes.plot([], [], "-", color=f"C{names.index(name) % 10}", label=label)
    for way in ways:
        axes.plot([], [], MARKS[ways.index(way) % len(MARKS)], color="grey", label=way)
    axes.set_xscale("log")
    axes.set_xlabel("images a second of one core when serving (float32)")
    axes.set_ylabel("mean average precision, 95 % interval")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=6, loc="best")
    figure.tight_layout()
    found = io.BytesIO()
    figure.savefig(found, format="svg", metadata={"Date": None})
    plt.close(figure)
    return found.getvalue()
