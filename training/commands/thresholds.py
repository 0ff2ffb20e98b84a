"""``thresholds``: another promise for a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from classifiers import Bundle
from training.commands.options import add_labels_of_bundle, add_promise, meanings_of
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
    add_labels_of_bundle(thresholds)


def _thresholds(asked: argparse.Namespace) -> int:
    promise = Promise(asked.max_error, asked.confidence)
    meanings = meanings_of(Bundle.load(asked.bundle), asked.labels)
    bundle = resettle(asked.bundle, promise, meanings)
    print((bundle.path / card.MARKDOWN).read_text("utf-8"))
    print(f"{bundle.id} is in {bundle.path}.")
    return 0
