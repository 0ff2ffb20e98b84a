"""``resplit``: whether thresholds hold on sources that did not choose them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from classifiers import Bundle
from training.commands.options import STARTER, add_seed, told, whole
from training.commands.options import names as separated
from training.errors import TrainingError
from training.promise import holdout
from training.promise.calibrate import way_of
from training.promise.resplit import apart, as_table, resplit
from training.promise.thresholds import promises_of
from training.report import card

SPLITS = 40


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    command = commands.add_parser(
        "resplit", help="choose thresholds on half of the sources, measure on the others, often"
    )
    command.set_defaults(run=_resplit)
    command.add_argument(
        "bundle", type=Path, nargs="?", default=STARTER, help=f"its folder; {told(STARTER)}"
    )
    command.add_argument("--splits", type=whole(1), default=SPLITS, help=f"how often; {SPLITS}")
    command.add_argument(
        "--sources", help="instead: choose without these, measure on these; comma-separated"
    )
    add_seed(command)


def _resplit(asked: argparse.Namespace) -> int:
    bundle = Bundle.load(asked.bundle)
    names = [label.name for label in bundle.labels]
    held, way = holdout.of_bundle(bundle), way_of(bundle.heads.calibrations)
    promises = promises_of(names, bundle.manifest.promise)
    sources = separated(asked.sources)
    unknown = sorted(sources - set(held.sources))
    if unknown:
        raise TrainingError(
            f"No photograph held back has the source {', '.join(unknown)}: the card names them."
        )
    rows = (
        apart(names, held, promises, way, sources)
        if sources
        else resplit(names, held, promises, way, asked.splits, asked.seed)
    )
    said = card.of_bundle(bundle)["thresholds"]
    print(as_table(rows, {name: said[name]["basis"] for name in names}))
    return 0
