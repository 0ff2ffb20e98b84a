"""How fast moderators can work: `python -m benchmarks.moderators`.

A real web server with real photographs. One moderator, then ten at once, clear a queue without
pausing: the machine's time per post, and how long each waits for the next photograph. Then one at a
real Chromium, where the next post was fetched while the moderator looked at this one. Last, twenty
share a queue, some stalling past their lease: no post may be settled twice, and none be left.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from benchmarks.moderators.browse import browse
from benchmarks.moderators.console import Console, console
from benchmarks.moderators.visit import Session, Stalls, moderate

SHORT_LEASE = "5"
STALLS = Stalls(share=0.01, seconds=6.0)


@dataclass(frozen=True)
class Shift:
    """Moderators who cleared a queue together: seconds by the clock and of the processor."""

    sessions: Sequence[Session]
    seconds: float
    cpu_seconds: float

    @property
    def waits(self) -> list[float]:
        """Milliseconds from each answer to the next photograph."""
        return [wait for session in self.sessions for wait in session.waits]


def main(posts: int, crowd_posts: int) -> int:
    """Print Markdown; the status is 1 where a post was settled twice or left."""
    print("| moderators | posts | machine s a post | seconds | median ms to the next | 95th |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for moderators in (1, 10):
        with _console(posts, moderators) as there:
            shift = _work(there, Stalls())
            _row(f"{moderators}", posts, shift)
    with _console(posts + 1, 1) as there:
        waits = browse(there.address, there.accounts[0], posts, think_ms=400)
    quantiles = statistics.quantiles(waits, n=20)
    print(f"\nIn Chromium, {posts} posts: median {statistics.median(waits):.0f} ms from the key to")
    print(f"the next photograph, 95th percentile {quantiles[-1]:.0f} ms.")
    with _console(crowd_posts, 20, TAGSIFT_LEASE_SECONDS=SHORT_LEASE) as there:
        shift = _work(there, STALLS)
        settled, left = there.settled(), there.waiting()
    twice = sum(count > 1 for count in settled.values())
    late = sum(session.late for session in shift.sessions)
    print(f"\nTwenty moderators, {crowd_posts} posts, {late} answers after the lease:")
    print(f"{len(settled)} settled, {twice} of them twice, {left} left, {shift.seconds:.0f} s.")
    return int(twice > 0 or left > 0 or len(settled) != crowd_posts)


@contextmanager
def _console(posts: int, moderators: int, **settings: str) -> Iterator[Console]:
    with (
        tempfile.TemporaryDirectory(prefix="tagsift-bench-") as name,
        console(Path(name) / "data", posts, moderators, **settings) as there,
    ):
        _answers(there.address)
        yield there


@retry(
    retry=retry_if_exception_type(httpx.HTTPError), wait=wait_fixed(0.2), stop=stop_after_delay(60)
)
def _answers(address: str) -> None:
    httpx.get(f"{address}/healthz", timeout=5).raise_for_status()


def _work(there: Console, stalls: Stalls) -> Shift:
    """Everybody works until nothing waits; whoever finds nothing looks again while others stall."""
    began, spent = time.monotonic(), there.cpu_seconds()

    def shift(number: int) -> Session:
        whole = Session()
        while there.waiting():
            part = moderate(there.address, there.accounts[number], number, stalls)
            whole.waits += part.waits
            whole.late += part.late
        return whole

    with ThreadPoolExecutor(len(there.accounts)) as pool:
        sessions = list(pool.map(shift, range(len(there.accounts))))
    return Shift(sessions, time.monotonic() - began, there.cpu_seconds() - spent)


def _row(who: str, posts: int, shift: Shift) -> None:
    middle, slow = statistics.median(shift.waits), statistics.quantiles(shift.waits, n=20)[-1]
    each = shift.cpu_seconds / posts
    print(f"| {who} | {posts} | {each:.3f} | {shift.seconds:.1f} | {middle:.0f} | {slow:.0f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--crowd-posts", type=int, default=1000)
    asked = parser.parse_args()
    sys.exit(main(asked.posts, asked.crowd_posts))
