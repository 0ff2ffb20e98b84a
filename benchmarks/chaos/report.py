"""The outcome as Markdown: promises, faults, memory."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.chaos.outcome import Promise

NAMED = 5  # broken posts that are named; the rest are counted


@dataclass(frozen=True)
class Report:
    """A finished run. ``faults``: name, times made, seconds until the next decision after each.
    ``memory``: megabytes by process, sampled over the run."""

    promises: Sequence[Promise]
    faults: Sequence[tuple[str, int, Sequence[float]]]
    memory: Sequence[dict[str, float]]
    posts: int
    twice: int
    refused: int
    seconds: float

    @property
    def holds(self) -> bool:
        """No promise was broken."""
        return not any(promise.broken for promise in self.promises)


def as_markdown(report: Report) -> str:
    """Three tables and a line of totals."""
    lines = ["| promise | checked | broken |", "| --- | ---: | --- |"]
    for promise in report.promises:
        named = ", ".join(promise.broken[:NAMED])
        broken = f"{len(promise.broken)}: {named}" if promise.broken else "0"
        lines.append(f"| {promise.text} | {promise.checked} | {broken} |")
    lines += ["", "| fault | times | seconds to the next decision (median, longest) |"]
    lines += ["| --- | ---: | --- |"]
    for name, times, seconds in report.faults:
        row = f"{statistics.median(seconds):.1f}, {max(seconds):.1f}" if seconds else ""
        lines.append(f"| {name} | {times} | {row} |")
    lines += ["", "| process | MB at the start | a quarter | half | three quarters | end | peak |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name in report.memory[0]:
        values = [sample[name] for sample in report.memory]
        quarters = [values[round(i * (len(values) - 1) / 4)] for i in range(5)]
        cells = " | ".join(f"{value:.0f}" for value in [*quarters, max(values)])
        lines.append(f"| {name} | {cells} |")
    lines += [
        "",
        f"{report.posts} posts in {report.seconds:.0f} s; "
        f"{report.twice} callbacks came again under the same id; "
        f"the receiver failed {report.refused} of them.",
    ]
    return "\n".join(lines)
