"""``calibrate``: calibrate a bundle's scores in the way that fits best."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_labels_of_bundle, add_seed, meanings_of
from training.promise.calibrate import WAYS, way_of


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    calibrate = commands.add_parser(
        "calibrate", help="calibrate a bundle in the way that fits what was held back from it best"
    )
    calibrate.set_defaults(run=_calibrate)
    calibrate.add_argument("bundle", type=Path, help="its manifest and card are written anew")
    calibrate.add_argument(
        "--way", choices=WAYS, help="calibrate in this one (default: that with the best Brier)"
    )
    calibrate.add_argument("--dry-run", action="store_true", help="measure, and change nothing")
    add_seed(calibrate)
    add_labels_of_bundle(calibrate)


def _calibrate(asked: argparse.Namespace) -> int:
    from classifiers import Bundle
    from training.promise.calibration import as_table, best_of
    from training.runs.resettle import recalibrate, try_calibrations

    before = Bundle.load(asked.bundle)
    found = try_calibrations(before, asked.seed)
    print(as_table(found))
    had, best = way_of(before.heads.calibrations), best_of(found)
    way = asked.way or best
    print(f"\nThe lowest Brier score is that of {best}. The bundle is calibrated by {had}.")
    if asked.dry_run:
        return 0
    after = recalibrate(asked.bundle, way, meanings_of(before, asked.labels))
    if after.id == before.id:
        print(f"{after.id} stays as it is.")
    else:
        print(f"{after.id} is in {after.path}: calibrated by {way}, its thresholds chosen anew.")
    return 0
