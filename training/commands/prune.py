"""``prune``: remove from the cache what nobody used for a while."""

from __future__ import annotations

import argparse
from typing import Any

from training.commands.options import add_cache, number


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    prune = commands.add_parser("prune", help="remove what nobody used for a while from the cache")
    prune.set_defaults(run=_prune)
    prune.add_argument("--days", type=_days, default=30.0, help="not used for so long; 30")
    add_cache(prune)
    prune.add_argument("--dry-run", action="store_true", help="only tell")


def _prune(asked: argparse.Namespace) -> int:
    from training.fit.prune import entries, prune

    found = entries(asked.cache)
    for one in found:
        what = "goes" if one.stale(asked.days) else "stays"
        print(
            f"{one.folder.name}: {one.photographs} photographs, {one.megabytes:.0f} MB, "
            f"used {one.days:.0f} days ago, {what}"
        )
    gone = [one for one in found if one.stale(asked.days)]
    if not asked.dry_run:
        gone = prune(asked.cache, asked.days)
    said, freed = "would go" if asked.dry_run else "are gone", sum(one.megabytes for one in gone)
    print(f"{len(gone)} of {len(found)} {said}, {freed:.0f} MB.")
    return 0


def _days(text: str) -> float:
    value = number(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text} is less than nothing")
    return value
