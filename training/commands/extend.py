"""``add-label``: one more label for a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.commands.options import add_cache, add_labels, add_seed, as_in, share, whole
from training.data.folder import read_data
from training.data.labels import read_meanings

if TYPE_CHECKING:
    from classifiers.label import Label


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    extend = commands.add_parser(
        "add-label", help="one more label for a bundle, in a minute or two"
    )
    extend.set_defaults(run=_label)
    extend.add_argument("bundle", type=Path, help="stays as it is")
    extend.add_argument("photos", type=Path, help="a folder of photographs that all show the label")
    extend.add_argument("--label", required=True, help="its name")
    extend.add_argument(
        "--base", type=Path, required=True, help="photographs without it, as for train"
    )
    extend.add_argument(
        "--base-photos", type=whole(1), default=2000, help="draw so many of them; 2000"
    )
    extend.add_argument("--out", type=Path, required=True, help="the new bundle's folder")
    extend.add_argument("--max-error", type=share, help="promised of it (default: as the others)")
    add_seed(extend)
    add_cache(extend)
    add_labels(extend)


def _label(asked: argparse.Namespace) -> int:
    from classifiers import Bundle
    from training.data.folder import read_photos_below
    from training.data.names import composed
    from training.promise.thresholds import Promise, promises
    from training.runs.extend import Extension, extend

    before, label = Bundle.load(asked.bundle), composed(asked.label.strip())
    # Its other labels stay as they are, whatever the file says of them.
    meanings = as_in(before, read_meanings(asked.labels))
    said = before.manifest.promise
    promise = Promise(asked.max_error or said["max_error"], said["confidence"])
    bundle = extend(
        before,
        Extension(
            label,
            read_photos_below(asked.photos),
            read_data(asked.base, meanings),
            promises([label], promise, meanings.max_errors([label]))[0],
            asked.cache,
            asked.base_photos,
            asked.seed,
        ),
        asked.out,
        meanings,
    )
    print(f"{label}: {_stated(bundle.labels[-1])}.")
    print(f"{bundle.id} is in {bundle.path}; its card.md says what each label rests on.")
    return 0


def _stated(label: Label) -> str:
    if label.true_at is None and label.false_at is None:
        return "always unknown, as its photographs are too few or too unlike to promise more"
    shown, absent = "never stated to be there", "never stated to be absent"
    if label.true_at is not None:
        shown = f"true from {label.true_at:.3f}"
    if label.false_at is not None:
        absent = f"false up to {label.false_at:.3f}"
    return f"{shown}, {absent}"
