"""``compare``: backbones and ways to train them, side by side."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_cache, add_labels, add_seed, whole
from training.data.folder import read_data
from training.data.labels import read_meanings
from training.fit.backbones import BACKBONES

SIX = "mobilenetv2,inceptionv3,inceptionv3-mixed8,efficientnetv2b0,resnet50v2,xception"


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
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
    compare.add_argument("--photos", type=whole(1), help="draw so many photographs (default: all)")
    compare.add_argument(
        "--from-scratch", action="store_true", help="also train each network from random weights"
    )
    compare.add_argument(
        "--scratch-size", type=whole(32), default=96, help="pixels, from scratch; 96"
    )
    compare.add_argument("--scratch-epochs", type=whole(1), default=5, help="from scratch; 5")
    add_seed(compare)
    add_cache(compare)
    add_labels(compare)


def _compare(asked: argparse.Namespace) -> int:
    from training.errors import TrainingError
    from training.runs.compare import Comparison, compare
    from training.runs.comparison import PLOT, TABLE, as_table, plot

    names = tuple(name.strip() for name in asked.backbones.split(",") if name.strip())
    unknown = sorted(set(names) - set(BACKBONES))
    if not names:
        raise TrainingError("--backbones names no network.")
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
