"""``report``: one HTML page about a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_labels_of_bundle, add_seed, meanings_of, whole
from training.data.folder import read_data


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    report = commands.add_parser("report", help="one HTML page about a bundle, without a network")
    report.set_defaults(run=_report)
    report.add_argument("bundle", type=Path, help="its folder")
    report.add_argument("data", type=Path, nargs="?", help="photographs: mistakes, what to label")
    report.add_argument("--out", type=Path, required=True, help="the HTML file")
    report.add_argument("--photos", type=whole(1), default=1000, help="draw so many at most; 1000")
    add_seed(report)
    add_labels_of_bundle(report)


def _report(asked: argparse.Namespace) -> int:
    import numpy as np

    from classifiers import Bundle
    from training.report.report import write_report

    bundle = Bundle.load(asked.bundle)
    meanings = meanings_of(bundle, asked.labels)
    photos = read_data(asked.data, meanings) if asked.data else []
    order = np.random.default_rng(asked.seed).permutation(len(photos))[: asked.photos]
    chosen = [photos[place] for place in sorted(order)]
    write_report(bundle, chosen, meanings, asked.out, asked.seed)
    print(f"The report is in {asked.out}.")
    return 0
