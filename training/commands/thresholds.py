"""``thresholds``: another promise for a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_labels, add_promise
from training.data.labels import read_meanings
from training.promise.thresholds import Promise
from training.report import card
from training.runs.resettle import resettle


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    thresholds = commands.add_parser(
        "thresholds", help="calibrate a bundle and choose its thresholds anew, in a second"
    )
    thresholds.set_defaults(run=_thresholds)
    thresholds.add_argument("bundle", type=Path, help="its manifest and card are written anew")
    add_promise(thresholds)
    add_labels(thresholds)


def _thresholds(asked: argparse.Namespace) -> int:
    promise = Promise(asked.max_error, asked.confidence)
    bundle = resettle(asked.bundle, promise, read_meanings(asked.labels))
    print((bundle.path / card.MARKDOWN).read_text("utf-8"))
    print(f"{bundle.id} is in {bundle.path}.")
    return 0
