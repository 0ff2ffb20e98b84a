"""``train``: a bundle from photographs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from training.commands.options import add_cache, add_labels, add_promise, add_seed, names, whole
from training.data.families import DEFAULT_FAMILIES
from training.errors import TrainingError
from training.fit.backbones import BACKBONES, DEFAULT
from training.promise.thresholds import Promise
from training.report import card
from training.runs.settings import Settings

RANDOM = Path("none")
EPOCHS = 2


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    train = commands.add_parser("train", help="train a bundle from photographs")
    train.set_defaults(run=_train)
    train.add_argument(
        "data",
        type=Path,
        nargs="+",
        help="folders: one folder a label in each, or labels.csv or .jsonl; or tables",
    )
    train.add_argument("--corrections", type=Path, help="a CSV of file, label, value and why")
    train.add_argument(
        "--families",
        type=Path,
        default=DEFAULT_FAMILIES,
        help=f"a CSV of source and family: sources that share pictures; {DEFAULT_FAMILIES.name}, "
        "which comes along",
    )
    train.add_argument(
        "--also", type=Path, action="append", default=[], help="more data, say exported reviews"
    )
    train.add_argument("--out", type=Path, required=True, help="the bundle's folder")
    train.add_argument(
        "--backbone", choices=sorted(BACKBONES), default=DEFAULT, help=f"the network; {DEFAULT}"
    )
    train.add_argument(
        "--weights",
        type=Path,
        help="no-top weights, or none for random ones, to try it out (default: Keras downloads)",
    )
    train.add_argument("--network", type=Path, help="a bundle: heads anew on its network")
    train.add_argument("--int8", action="store_true", help="the network in eight-bit integers")
    train.add_argument(
        "--per-source", type=whole(1), help="draw at most so many alike of a source (default: all)"
    )
    train.add_argument(
        "--sharpness",
        type=float,
        default=0.0,
        help="how much more the strongest places of a photograph count, say 0.05 (default: 0)",
    )
    train.add_argument("--size", type=whole(32), help="side of the input in pixels")
    train.add_argument(
        "--fine-tune", action="store_true", help="train every layer, not the linear heads alone"
    )
    train.add_argument(
        "--train-from",
        metavar="LAYER",
        help="fine-tune the layers after this one only, say mixed5: much faster, and may be --int8",
    )
    train.add_argument("--epochs", type=whole(1), help=f"of fine-tuning; {EPOCHS}")
    add_cache(train, "of networks and embeddings;")
    add_seed(train)
    train.add_argument(
        "--precision",
        choices=["auto", "float32", "mixed_bfloat16"],
        default="auto",
        help="of fine-tuning; auto: bfloat16 where the processor computes in it",
    )
    train.add_argument("--test-sources", help="sources kept apart for a test, comma-separated")
    train.add_argument("--name", help="the bundle's name (default: its folder's)")
    train.add_argument(
        "--licence", default="Apache-2.0", help="under which it may be used; Apache-2.0"
    )
    add_promise(train)
    add_labels(train)


def _train(asked: argparse.Namespace) -> int:
    from training.runs.train import train  # here, because the other commands need no TensorFlow

    tuned = asked.fine_tune or asked.train_from
    if asked.epochs and not tuned:
        raise TrainingError("--epochs is of fine-tuning: add --fine-tune or --train-from LAYER.")
    bundle = train(
        Settings(
            data=tuple(asked.data),
            out=asked.out,
            backbone=asked.backbone,
            weights=None if asked.weights == RANDOM else asked.weights,
            random_weights=asked.weights == RANDOM,
            size=asked.size,
            epochs=(asked.epochs or EPOCHS) if tuned else 0,
            train_from=asked.train_from,
            seed=asked.seed,
            precision=asked.precision,
            labels=asked.labels,
            test_sources=names(asked.test_sources),
            promise=Promise(asked.max_error, asked.confidence),
            name=asked.name or asked.out.resolve().name,
            licence=asked.licence,
            cache=asked.cache,
            also=tuple(asked.also),
            corrections=asked.corrections,
            families=asked.families,
            network=asked.network,
            int8=asked.int8,
            per_source=asked.per_source,
            sharpness=asked.sharpness,
        )
    )
    print((bundle.path / card.MARKDOWN).read_text("utf-8"))
    print(f"{bundle.id} is in {bundle.path}.")
    return 0
