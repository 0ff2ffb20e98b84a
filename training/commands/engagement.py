"""``engagement``: what thumbnails do for views, and what is said of a picture by it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifiers import Bundle
from training.commands.options import STARTER, add_cache, told, whole
from training.errors import TrainingError
from training.fit.backbones import BACKBONES
from training.fit.frozen import Frozen, frozen, frozen_of

if TYPE_CHECKING:
    from training.engagement.run import Tune

PREDICT = "predict"


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    command = commands.add_parser("engagement", help="what thumbnails do for views")
    command.set_defaults(run=_engagement)
    command.add_argument(
        "given",
        nargs="+",
        metavar="DATA | predict BUNDLE IMAGE",
        help="a folder with videos.csv and images/; or a bundle and pictures",
    )
    command.add_argument("--out", type=Path, metavar="DIR", help="the bundle's folder")
    command.add_argument(
        "--target", choices=["views", "subscribers"], default="views", help="what is told; views"
    )
    command.add_argument(
        "--classifier",
        type=Path,
        default=STARTER,
        help=f"the bundle that sees the pictures; {told(STARTER)}",
    )
    command.add_argument(
        "--backbone", choices=sorted(BACKBONES), help="a network of keras.applications instead"
    )
    command.add_argument("--weights", type=Path, help="its no-top weights (Keras downloads them)")
    command.add_argument(
        "--fine-tune",
        choices=["last", "all"],
        help="measure a fine-tuned network, too: its last stage, or all of it (needs --backbone)",
    )
    command.add_argument("--epochs", type=whole(1), help="of fine-tuning, at most")
    command.add_argument(
        "--resume", type=Path, metavar="DIR", help="go on where a run that fine-tunes was stopped"
    )
    command.add_argument("--json", action="store_true", help="a JSON line a picture")
    add_cache(command)


def _engagement(asked: argparse.Namespace) -> int:
    if asked.given[0] == PREDICT:
        if len(asked.given) < 3:
            raise TrainingError("predict needs a bundle and a picture: predict BUNDLE IMAGE.")
        return _predict(Path(asked.given[1]), [Path(one) for one in asked.given[2:]], asked)
    if len(asked.given) != 1 or asked.out is None:
        raise TrainingError("Name one folder of videos and --out, or predict BUNDLE IMAGE.")
    from training.engagement.run import EngagementRun, measure

    if (asked.epochs or asked.resume) and not asked.fine_tune:
        raise TrainingError(
            "--epochs and --resume are of fine-tuning: add --fine-tune last or all."
        )
    tune = _tune(asked) if asked.fine_tune else None
    network, labels = _network(asked)
    run = EngagementRun(Path(asked.given[0]), asked.out, asked.target, network, labels, tune)
    print(measure(run))
    print(f"Written to {asked.out}.")
    return 0


def _tune(asked: argparse.Namespace) -> Tune:
    from training.engagement.run import Tune
    from training.engagement.tuned import Tuning

    if asked.backbone is None:
        raise TrainingError(
            "--fine-tune needs --backbone: the network of a bundle is for serving and cannot learn."
        )
    usual = Tuning(asked.fine_tune)
    return Tune(replace(usual, epochs=asked.epochs or usual.epochs), asked.weights, asked.resume)


def _network(asked: argparse.Namespace) -> tuple[Frozen, Bundle | None]:
    if asked.backbone is None:
        bundle = Bundle.load(asked.classifier)
        return frozen_of(bundle, asked.cache), bundle
    backbone = BACKBONES[asked.backbone]
    return frozen(backbone, backbone.size, asked.weights, asked.cache), None


def _predict(folder: Path, files: Sequence[Path], asked: argparse.Namespace) -> int:
    from thumbnails import Engagement
    from training.items.pictures import embed_posters

    bundle = Engagement.load(folder)
    network, _ = _network(asked)
    if network.folder.name != bundle.manifest.embedding_id:
        raise TrainingError(
            f"{folder} belongs to the embedding {bundle.manifest.embedding_id}, and this is "
            f"{network.folder.name}: name the --classifier or --backbone that it was made with."
        )
    failed = 0
    if not asked.json:
        print(bundle.manifest.metrics["says"])
    for file, embedding in zip(files, embed_posters(files, network), strict=True):
        if embedding is None:
            failed = 1
            error = "The picture cannot be read, or is too small."
            print(json.dumps({"file": str(file), "error": error}) if asked.json else error)
            continue
        (score,) = bundle.scores(embedding[None])
        if asked.json:
            told: dict[str, object] = {"file": str(file), "error": None}
            told |= {"target": bundle.manifest.target, "found": bundle.manifest.found}
            told |= {"factor": round(score.factor, 4), "above": round(score.above, 2)}
            print(json.dumps(told, ensure_ascii=False))
        else:
            print(
                f"{file}: x{score.factor:.2f} {bundle.manifest.target} of what age and size say; "
                f"above {score.above:.0%} of the thumbnails it was learned from"
            )
    return failed
