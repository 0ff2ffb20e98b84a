"""The tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from benchmarks.serving.posts.account import Account
from benchmarks.serving.runtimes import FLOAT32


def print_account(
    accounts: Mapping[str, Account], speeds: Mapping[str, Sequence[tuple[float, float]]]
) -> None:
    """Posts a second beside the bare network, and what a post costs by part and by stage."""
    print(f"\n| | a second | of {FLOAT32} | processor ms each |\n| --- | ---: | ---: | ---: |")
    bare = median(rate for rate, _ in speeds[FLOAT32])
    for name, found in speeds.items():
        rate = median(one for one, _ in found)
        print(_row(f"images: {name}", rate, bare, median(busy for _, busy in found)))
    for name, account in accounts.items():
        rate = median(one.posts_a_second for one in account.rounds)
        print(_row(f"posts: {name}", rate, bare, sum(account.milliseconds().values())))
    _print_parts("the processor's ms a post", accounts, Account.milliseconds)
    _print_parts("ms a post by the clock, all workers", accounts, Account.stage_milliseconds)


def _row(name: str, rate: float, bare: float, busy: float) -> str:
    return f"| {name} | {rate:.1f} | {rate / bare:.2f} | {busy:.1f} |"


def _print_parts(
    title: str, accounts: Mapping[str, Account], of: Callable[[Account], dict[str, float]]
) -> None:
    found = {name: of(account) for name, account in accounts.items()}
    print(f"\n| {title} | " + " | ".join(found) + " |\n| --- |" + " ---: |" * len(found))
    parts = list(dict.fromkeys(part for costs in found.values() for part in costs))
    for part in parts:
        print(
            f"| {part} | "
            + " | ".join(f"{one.get(part, 0.0):.1f}" for one in found.values())
            + " |"
        )
    print("| all | " + " | ".join(f"{sum(one.values()):.1f}" for one in found.values()) + " |")
