"""``evaluate``: measure a bundle, label by label."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from classifiers import Bundle
from training.commands.options import (
    STARTER,
    add_cache,
    add_labels_of_bundle,
    meanings_of,
    names,
    told,
)
from training.data.corrections import correct, read_corrections
from training.data.folder import read_all
from training.errors import TrainingError
from training.promise import holdout
from training.report import card
from training.report.evaluate import evaluate_held_back, evaluate_photos
from training.report.metrics import table


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    evaluate = commands.add_parser("evaluate", help="measure a bundle, label by label")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument(
        "bundle", type=Path, nargs="?", default=STARTER, help=f"its folder; {told(STARTER)}"
    )
    evaluate.add_argument("data", type=Path, nargs="*", help="default: what was held back from it")
    evaluate.add_argument("--corrections", type=Path, help="as for train")
    evaluate.add_argument("--sources", help="only photographs of these, comma-separated")
    evaluate.add_argument(
        "--known", action="store_true", help="held back: of known sources (default: unseen ones)"
    )
    evaluate.add_argument("--json", action="store_true", help="one JSON object")
    add_cache(evaluate, "of embeddings;")
    add_labels_of_bundle(evaluate)


def _evaluate(asked: argparse.Namespace) -> int:
    bundle = Bundle.load(asked.bundle)
    sources = names(asked.sources)
    if asked.corrections and not asked.data:
        raise TrainingError(
            "--corrections is of photographs: name the folder that holds them, too."
        )
    if asked.known and asked.data:
        raise TrainingError("--known is of what was held back: leave it out, or name no folder.")
    if not asked.data:
        held = holdout.of_bundle(bundle)
        each, summary = evaluate_held_back(bundle, held, sources, asked.known)
    else:
        meanings = meanings_of(bundle, asked.labels)
        photos = read_all(asked.data, meanings)
        if asked.corrections:
            photos = correct(photos, read_corrections(asked.corrections), meanings)
        chosen = [photo for photo in photos if not sources or photo.source in sources]
        if not chosen:
            raise TrainingError(
                "No photograph has one of the sources that --sources names: it takes the names in "
                "the column source of labels.csv."
            )
        each, summary = evaluate_photos(bundle, chosen, meanings, asked.cache)
    print(json.dumps(card.figures(each, summary)) if asked.json else table(each, summary))
    return 0
