"""The promise under failures, with real processes: a small storm of about 30 seconds."""

from __future__ import annotations

import pytest

from benchmarks.storm import run, table


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_nothing_is_lost_and_nothing_decided_twice() -> None:
    report = run(posts=60, worker_kills=2, redis=True, postgres=True, patience_seconds=120)
    assert report.holds, table(report)
