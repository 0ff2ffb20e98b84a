"""`python -m benchmarks.chaos`: posts arrive while every part of the service fails.

Processes and engines are killed, the image store and the disk fail and return, receivers hang, and
photographs trickle. At the end each post is held to its promises. Exit status 1: one is broken.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.chaos import faults as blows
from benchmarks.chaos import hostile, outcome, photographs, report
from benchmarks.chaos.faults import Fault
from benchmarks.chaos.peers import Photographs, Receiver
from benchmarks.chaos.service import Service
from benchmarks.chaos.traffic import Platform, Sent, plan
from clients.tagsift_client import Tagsift
from service.config import Config
from service.runner import environment
from tests.service.receiver import serve

SENDERS = 6
SETTINGS = {
    "TAGSIFT_DEMO": "0",
    "TAGSIFT_FETCH_ALLOW": "127.0.0.0/8",
    "TAGSIFT_FETCH_SECONDS": "6",
    "TAGSIFT_REQUEUE_AFTER_SECONDS": "5",
    "TAGSIFT_CALLBACK_SECONDS": "4",
}


@dataclass
class Struck:
    """How often a fault was made, and how long the next decision after each took."""

    fault: str
    recovery_seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """One run's size: posts in all, of which some are odd; how many blows; how long to wait.

    ``only``: a fault is made if its name holds one of these.
    """

    posts: int
    stalled: int
    hostile: int
    rounds: int
    outage_seconds: float
    patience_seconds: float
    views: int
    disk_mb: int
    seed: int
    only: tuple[str, ...] = ("",)


def run(size: Run) -> report.Report:
    """Send, strike, wait until nothing is owed any more, and check."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tagsift-chaos-")))
        if size.disk_mb and blows.mount(folder, size.disk_mb):
            stack.callback(blows.unmount, folder)
        known = photographs.make(size.views, Config.model_fields["bundle"].default)
        secret = environment.webhook_secret()
        receiver = Receiver(secret)
        images_url = stack.enter_context(serve(get=Photographs(known)))
        callback_url = stack.enter_context(serve(post=receiver))
        settings = SETTINGS | {
            "TAGSIFT_WEBHOOK_SECRETS": secret,
            "TAGSIFT_CALLBACK_URL": callback_url,
        }
        service = Service(folder / "data", settings, stack)
        service.wait_until_ready()
        key = service.values["TAGSIFT_API_KEYS"]
        tagsift = stack.enter_context(Tagsift(service.base_url, secret, key))
        platform = Platform(tagsift, images_url, known, hostile.pictures())
        began = time.monotonic()
        memory = [service.memory()]
        sent, struck = _send_and_strike(service, receiver, platform, size, memory)
        _wait_for_rest(service, size.patience_seconds)
        seconds = time.monotonic() - began
        memory.append(service.memory())
        return report.Report(
            promises=outcome.check(service, receiver, sent),
            faults=[(s.fault, len(s.recovery_seconds), s.recovery_seconds) for s in struck],
            memory=memory,
            posts=len(sent),
            twice=outcome.twice(receiver),
            refused=receiver.refused,
            seconds=seconds,
        )


def _send_and_strike(
    service: Service,
    receiver: Receiver,
    platform: Platform,
    size: Run,
    memory: list[dict[str, float]],
) -> tuple[list[Sent], list[Struck]]:
    faults = [
        fault
        for fault in blows.all_faults(service, receiver, size.outage_seconds)
        if any(part in fault.name for part in size.only)
    ]
    struck = {fault.name: Struck(fault.name) for fault in faults}
    choice = random.Random(size.seed)  # noqa: S311  # the order of the blows, repeatable
    order = [fault for _ in range(size.rounds) for fault in choice.sample(faults, len(faults))]
    done = threading.Event()
    with ThreadPoolExecutor(SENDERS) as senders, ThreadPoolExecutor(2) as wind:
        striking = wind.submit(_strike, service, order, struck, size.posts, done)
        watching = wind.submit(_watch_memory, service, memory, done)
        numbers = list(plan(size.posts, size.stalled, size.hostile))
        sent = list(senders.map(lambda one: platform.send(*one), numbers))
        striking.result()
        done.set()
        watching.result()
    return sent, list(struck.values())


def _strike(
    service: Service,
    order: list[Fault],
    struck: dict[str, Struck],
    posts: int,
    done: threading.Event,
) -> None:
    """Strike each time another share of the posts is decided, or when nothing moves any more."""
    for number, fault in enumerate(order):
        share = posts * (number + 1) / (len(order) + 1)
        end = time.monotonic() + 30
        while _decided(service) < share and time.monotonic() < end:
            time.sleep(0.2)
        fault.strike()
        service.revive()
        began, before = time.monotonic(), _decided(service)
        while _decided(service) == before and time.monotonic() < began + 60:
            if not _pending(service):
                break
            service.revive()
            time.sleep(0.1)
        struck[fault.name].recovery_seconds.append(time.monotonic() - began)


def _watch_memory(service: Service, memory: list[dict[str, float]], done: threading.Event) -> None:
    while not done.wait(5):
        memory.append(service.memory())


def _decided(service: Service) -> int:
    return service.number("SELECT count(*) FROM posts WHERE state <> 'pending'")


def _pending(service: Service) -> int:
    return service.number("SELECT count(*) FROM posts WHERE state = 'pending'")


def _wait_for_rest(service: Service, patience_seconds: float) -> None:
    """Until no post is pending, and no callback and no erasure of a post that is gone is owed.

    Gives up when nothing got less for ``patience_seconds``, however slow the machine is.
    """
    owed = (
        "SELECT (SELECT count(*) FROM posts WHERE state = 'pending')"
        " + (SELECT count(*) FROM deliveries WHERE state = 'pending')"
        " + (SELECT count(*) FROM erasures WHERE why <> 'unfinished')"
    )
    least, since = service.number(owed), time.monotonic()
    while least and time.monotonic() < since + patience_seconds:
        service.revive()
        time.sleep(0.5)
        if (left := service.number(owed)) < least:
            least, since = left, time.monotonic()


def main() -> int:
    """Run, print the tables; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.chaos",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--stalled", type=int, default=20, help="photographs that never arrive")
    parser.add_argument("--hostile", type=int, default=20, help="pictures that attack decoders")
    parser.add_argument("--rounds", type=int, default=2, help="times each fault is made")
    parser.add_argument("--outage", type=float, default=8.0, help="seconds an outage lasts")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds without progress")
    parser.add_argument("--views", type=int, default=160, help="distinct known photographs")
    parser.add_argument("--disk-mb", type=int, default=4096, help="file system that is filled")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", default=[""], help="faults whose names hold one")
    chosen = parser.parse_args()
    done = run(
        Run(
            posts=chosen.posts,
            stalled=chosen.stalled,
            hostile=chosen.hostile,
            rounds=chosen.rounds,
            outage_seconds=chosen.outage,
            patience_seconds=chosen.patience,
            views=chosen.views,
            disk_mb=chosen.disk_mb,
            seed=chosen.seed,
            only=tuple(chosen.only),
        )
    )
    print(report.as_markdown(done))
    return 0 if done.holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
