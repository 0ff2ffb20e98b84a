"""What ``python -m training`` is asked, and what it answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from classifiers import Bundle, BundleError, Classifier
from training import card, heldback
from training.backbones import BACKBONES, DEFAULT
from training.commands import add as add_commands
from training.commands import share
from training.data import read_data
from training.errors import TrainingError
from training.evaluate import evaluate_held_back, evaluate_photos
from training.frozen import CACHE
from training.handover import HELP
from training.labels import DEFAULT_LABELS, read_meanings
from training.metrics import table
from training.predict import as_json, as_text, explain_files, predict_files
from training.resettle import resettle
from training.settings import Settings
from training.thresholds import Promise

_ABOUT = "From a folder of photographs to a bundle that serves."
RANDOM = Path("none")
STARTER = Path(__file__).resolve().parent.parent / "models" / "starter"


def run(arguments: Sequence[str]) -> int:
    """Runs one command; what the analyst can put right is one sentence on standard error."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(asked))
    except (TrainingError, BundleError) as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{asked.command}: stopped.", file=sys.stderr)
        return 130


def _train(asked: argparse.Namespace) -> int:
    from training.train import train  # here, because the other commands need no TensorFlow

    bundle = train(
        Settings(
            data=asked.data,
            out=asked.out,
            backbone=asked.backbone,
            weights=None if asked.weights == RANDOM else asked.weights,
            random_weights=asked.weights == RANDOM,
            size=asked.size,
            epochs=asked.epochs if asked.fine_tune else 0,
            seed=asked.seed,
            precision=asked.precision,
            labels=asked.labels,
            test_sources=_names(asked.test_sources),
            promise=Promise(asked.max_error, asked.confidence),
            name=asked.name or asked.out.resolve().name,
            licence=asked.licence,
            cache=asked.cache,
            also=tuple(asked.also),
        )
    )
    print((bundle.path / card.MARKDOWN).read_text("utf-8"))
    print(f"{bundle.id} is in {bundle.path}.")
    return 0


def _evaluate(asked: argparse.Namespace) -> int:
    bundle = Bundle.load(asked.bundle)
    sources = _names(asked.sources)
    if asked.data is None:
        held = heldback.of_bundle(bundle)
        each, summary = evaluate_held_back(bundle, held, sources, asked.known)
    else:
        meanings = read_meanings(asked.labels)
        photos = read_data(asked.data, meanings)
        chosen = [photo for photo in photos if not sources or photo.source in sources]
        each, summary = evaluate_photos(bundle, chosen, meanings)
    print(json.dumps(card.figures(each, summary)) if asked.json else table(each, summary))
    return 0


def _thresholds(asked: argparse.Namespace) -> int:
    promise = Promise(asked.max_error, asked.confidence)
    bundle = resettle(asked.bundle, promise, read_meanings(asked.labels))
    print((bundle.path / card.MARKDOWN).read_text("utf-8"))
    print(f"{bundle.id} is in {bundle.path}.")
    return 0


def _predict(asked: argparse.Namespace) -> int:
    show = as_json if asked.json else as_text
    classifier = Classifier(Bundle.load(asked.bundle))
    for answer in predict_files(classifier, asked.images):
        print(show(answer), flush=True)
    if asked.explain is not None:
        for path in explain_files(classifier, asked.images, asked.explain):
            print(path, file=sys.stderr)
    return 0


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=_ABOUT)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a bundle from photographs")
    train.set_defaults(run=_train)
    train.add_argument("data", type=Path, help="one folder a label, or labels.csv or .jsonl")
    train.add_argument(
        "--also", type=Path, action="append", default=[], help="more data, say exported reviews"
    )
    train.add_argument("--out", type=Path, required=True, help="the bundle's folder")
    train.add_argument("--backbone", choices=sorted(BACKBONES), default=DEFAULT)
    train.add_argument(
        "--weights",
        type=Path,
        help="no-top weights, or none for random ones, to try it out (default: Keras downloads)",
    )
    train.add_argument("--size", type=int, help="side of the input in pixels")
    train.add_argument(
        "--fine-tune", action="store_true", help="train every layer, not the linear heads alone"
    )
    train.add_argument("--epochs", type=int, default=2, help="of fine-tuning; default 2")
    train.add_argument("--cache", type=Path, default=CACHE, help=f"of embeddings; {CACHE}")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--precision", choices=["auto", "float32", "mixed_bfloat16"], default="auto")
    train.add_argument("--test-sources", help="sources kept apart for a test, comma-separated")
    train.add_argument("--name", help="the bundle's name (default: its folder's)")
    train.add_argument("--licence", default="Apache-2.0", help="under which it may be used")
    evaluate = commands.add_parser("evaluate", help="measure a bundle, label by label")
    evaluate.set_defaults(run=_evaluate)
    evaluate.add_argument("bundle", type=Path, nargs="?", default=STARTER)
    evaluate.add_argument("data", type=Path, nargs="?", help="default: what was held back from it")
    evaluate.add_argument("--sources", help="only photographs of these, comma-separated")
    evaluate.add_argument(
        "--known", action="store_true", help="held back: of known sources (default: unseen ones)"
    )
    evaluate.add_argument("--json", action="store_true")
    thresholds = commands.add_parser(
        "thresholds", help="calibrate a bundle and choose its thresholds anew, in a second"
    )
    thresholds.set_defaults(run=_thresholds)
    thresholds.add_argument("bundle", type=Path, help="its manifest and card are written anew")
    add_commands(commands)
    predict = commands.add_parser("predict", help="say what image files show")
    predict.set_defaults(run=_predict)
    predict.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    predict.add_argument("--bundle", type=Path, default=STARTER)
    predict.add_argument("--json", action="store_true", help="one JSON line an image")
    predict.add_argument(
        "--explain", type=Path, metavar="DIR", help="write where each label was seen"
    )
    for name, text in HELP.items():  # the service carries them out, and has their options
        commands.add_parser(name, help=text, add_help=False)
    for command in (train, thresholds):
        command.add_argument("--max-error", type=share, default=0.05, help="promised; 0.05")
        command.add_argument("--confidence", type=share, default=0.95, help="of it; 0.95")
    for command in (train, evaluate, thresholds):
        command.add_argument("--labels", type=Path, default=DEFAULT_LABELS, help="a YAML file")
    return parser
