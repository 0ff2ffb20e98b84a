"""The commands that compare, explain and extend: their options, and what they print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.backbones import BACKBONES
from training.calibrate import WAYS, way_of
from training.data import read_data
from training.frozen import CACHE
from training.labels import DEFAULT_LABELS, read_meanings

SIX = "mobilenetv2,inceptionv3,inceptionv3-mixed8,efficientnetv2b0,resnet50v2,xception"


def share(text: str) -> float:
    """An option between 0 and 1."""
    value = float(text)
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def add(commands: Any) -> None:
    """Adds the commands to ``python -m training``."""
    _add_compare(commands)
    _add_label(commands)
    _add_calibrate(commands)
    _add_report(commands)
    _add_prune(commands)


def _add_compare(commands: Any) -> None:
    compare = commands.add_parser("compare", help="backbones and ways side by side")
    compare.set_defaults(run=_compare)
    compare.add_argument("data", type=Path, help="a folder or table of photographs")
    compare.add_argument("--out", type=Path, required=True, help="folder of table, plot and rows")
    compare.add_argument("--backbones", default=SIX, help=f"comma-separated; default {SIX}")
    compare.add_argument(
        "--weights-dir",
        type=Path,
        help="folder of NETWORK_notop.weights.h5; a network without a file starts from random "
        "weights (default: Keras downloads)",
    )
    compare.add_argument("--photos", type=int, help="draw so many photographs (default: all)")
    compare.add_argument(
        "--from-scratch", action="store_true", help="also train each network from random weights"
    )
    compare.add_argument("--scratch-size", type=int, default=96, help="pixels, from scratch; 96")
    compare.add_argument("--scratch-epochs", type=int, default=5, help="from scratch; 5")
    compare.add_argument("--seed", type=int, default=0)
    compare.add_argument("--cache", type=Path, default=CACHE, help=f"default {CACHE}")
    compare.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help="a YAML file")


def _compare(asked: argparse.Namespace) -> int:
    from training.compare import Comparison, compare
    from training.comparison import PLOT, TABLE, as_table, plot
    from training.errors import TrainingError

    names = tuple(name.strip() for name in asked.backbones.split(",") if name.strip())
    unknown = sorted(set(names) - set(BACKBONES))
    if unknown:
        raise TrainingError(
            f"{', '.join(unknown)} is no backbone: choose from {', '.join(sorted(BACKBONES))}."
        )
    meanings = read_meanings(asked.labels)
    comparison = Comparison(
        names,
        asked.out,
        asked.cache,
        asked.weights_dir,
        asked.photos,
        asked.from_scratch,
        asked.scratch_size,
        asked.scratch_epochs,
        asked.seed,
    )
    rows = compare(comparison, read_data(asked.data, meanings), meanings, print)
    text = as_table(rows)
    (asked.out / TABLE).write_text(text, "utf-8")
    (asked.out / PLOT).write_bytes(plot(rows))
    print(text)
    print(f"The table and {PLOT} are in {asked.out}.")
    return 0


def _add_label(commands: Any) -> None:
    add = commands.add_parser("add-label", help="one more label for a bundle, in a minute or two")
    add.set_defaults(run=_label)
    add.add_argument("bundle", type=Path, help="stays as it is")
    add.add_argument("photos", type=Path, help="a folder of photographs that all show the label")
    add.add_argument("--label", required=True, help="its name")
    add.add_argument(
        "--base", type=Path, required=True, help="photographs without it, as for train"
    )
    add.add_argument("--base-photos", type=int, default=2000, help="draw so many of them; 2000")
    add.add_argument("--out", type=Path, required=True, help="the new bundle's folder")
    add.add_argument("--max-error", type=share, help="promised of it (default: as the others)")
    add.add_argument("--seed", type=int, default=0)
    add.add_argument("--cache", type=Path, default=CACHE, help=f"default {CACHE}")
    add.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help="a YAML file")


def _label(asked: argparse.Namespace) -> int:
    from classifiers import Bundle
    from training.data import read_photos_below
    from training.extend import Extension, extend
    from training.thresholds import Promise, promises

    meanings, before = read_meanings(asked.labels), Bundle.load(asked.bundle)
    said = before.manifest.promise
    promise = Promise(asked.max_error or said["max_error"], said["confidence"])
    bundle = extend(
        before,
        Extension(
            asked.label,
            read_photos_below(asked.photos),
            read_data(asked.base, meanings),
            promises([asked.label], promise, meanings.max_errors([asked.label]))[0],
            asked.cache,
            asked.base_photos,
            asked.seed,
        ),
        asked.out,
        meanings,
    )
    new = bundle.labels[-1]
    true_at, false_at = (
        "unknown" if at is None else f"{at:.3f}" for at in (new.true_at, new.false_at)
    )
    print(f"{new.name}: true from {true_at}, false up to {false_at}.")
    print(f"{bundle.id} is in {bundle.path}.")
    return 0


def _add_calibrate(commands: Any) -> None:
    calibrate = commands.add_parser(
        "calibrate", help="calibrate a bundle in the way that fits what was held back from it best"
    )
    calibrate.set_defaults(run=_calibrate)
    calibrate.add_argument("bundle", type=Path, help="its manifest and card are written anew")
    calibrate.add_argument(
        "--way", choices=WAYS, help="calibrate in this one (default: that with the best Brier)"
    )
    calibrate.add_argument("--dry-run", action="store_true", help="measure, and change nothing")
    calibrate.add_argument("--seed", type=int, default=0)
    calibrate.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help="a YAML file")


def _calibrate(asked: argparse.Namespace) -> int:
    from classifiers import Bundle
    from training.calibration import as_table, best_of
    from training.resettle import recalibrate, try_calibrations

    before = Bundle.load(asked.bundle)
    found = try_calibrations(before, asked.seed)
    print(as_table(found))
    had, best = way_of(before.heads.calibrations), best_of(found)
    way = asked.way or best
    print(f"\nThe lowest Brier score is that of {best}. The bundle is calibrated by {had}.")
    if asked.dry_run:
        return 0
    after = recalibrate(asked.bundle, way, read_meanings(asked.labels))
    if after.id == before.id:
        print(f"{after.id} stays as it is.")
    else:
        print(f"{after.id} is in {after.path}: calibrated by {way}, its thresholds chosen anew.")
    return 0


def _add_report(commands: Any) -> None:
    report = commands.add_parser("report", help="one HTML page about a bundle, without a network")
    report.set_defaults(run=_report)
    report.add_argument("bundle", type=Path)
    report.add_argument("data", type=Path, nargs="?", help="photographs: mistakes, what to label")
    report.add_argument("--out", type=Path, required=True, help="the HTML file")
    report.add_argument("--photos", type=int, default=1000, help="draw so many at most; 1000")
    report.add_argument("--seed", type=int, default=0)
    report.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help="a YAML file")


def _report(asked: argparse.Namespace) -> int:
    import numpy as np

    from classifiers import Bundle
    from training.report import write_report

    meanings = read_meanings(asked.labels)
    photos = read_data(asked.data, meanings) if asked.data else []
    order = np.random.default_rng(asked.seed).permutation(len(photos))[: asked.photos]
    chosen = [photos[place] for place in sorted(order)]
    write_report(Bundle.load(asked.bundle), chosen, meanings, asked.out, asked.seed)
    print(f"The report is in {asked.out}.")
    return 0


def _add_prune(commands: Any) -> None:
    prune = commands.add_parser("prune", help="remove what nobody used for a while from the cache")
    prune.set_defaults(run=_prune)
    prune.add_argument("--days", type=_days, default=30.0, help="not used for so long; 30")
    prune.add_argument("--cache", type=Path, default=CACHE, help=f"default {CACHE}")
    prune.add_argument("--dry-run", action="store_true", help="only tell")


def _days(text: str) -> float:
    value = float(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError(f"{text} is less than nothing")
    return value


def _prune(asked: argparse.Namespace) -> int:
    from training.prune import entries, prune

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
