"""The promises of a post under failures, with real processes: the short form of `make chaos`."""

from __future__ import annotations

import pytest

from benchmarks.chaos.__main__ import Run, run
from benchmarks.chaos.report import as_markdown

SHORT = Run(
    posts=40,
    stalled=0,
    hostile=2,
    rounds=1,
    outage_seconds=2.0,
    patience_seconds=120.0,
    views=11,
    disk_mb=0,
    seed=0,
    only=("a child of", "image store fails", "Redis killed", "PostgreSQL killed", "answers 500"),
)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_post_keeps_its_promises_while_parts_fail() -> None:
    """About 30 seconds: engines and processes start, die, and start again."""
    report = run(SHORT)
    assert report.holds, as_markdown(report)
    assert {name for name, times, _ in report.faults if times} >= {
        "a child of web killed",
        "a child of worker killed",
        "a child of callbacks killed",
        "image store fails",
        "Redis killed",
        "PostgreSQL killed",
    }
