"""``thumbnails``: the frames of a video that make the best thumbnails."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from classifiers import Bundle, BundleError, Classifier
from thumbnails import ThumbnailBundleError
from training.commands.options import STARTER, told, whole
from training.errors import TrainingError, of_file
from training.thumbnails.pick import Picked, embeddings_of, pick, pictures_in
from videos import VideoError

MOST = 20
FAILED = 1


def add(commands: Any) -> None:
    """Adds the command to ``python -m training``."""
    thumbnails = commands.add_parser("thumbnails", help="choose a video's best frames")
    thumbnails.set_defaults(run=_thumbnails)
    thumbnails.add_argument("video", type=Path, metavar="VIDEO", help="a file")
    thumbnails.add_argument(
        "--bundle", type=Path, default=STARTER, help=f"looks at the frames; {told(STARTER)}"
    )
    thumbnails.add_argument(
        "--references", type=Path, metavar="DIR", help="pictures like which they are to be"
    )
    thumbnails.add_argument(
        "--latent", type=Path, metavar="DIR", help="an autoencoder: tell its distances, too"
    )
    thumbnails.add_argument("-k", type=whole(1, MOST), default=3, help="how many frames; 3")
    thumbnails.add_argument("--json", action="store_true", help="print one JSON line")
    thumbnails.add_argument("--out", type=Path, metavar="DIR", help="write the frames as JPEGs")


def _thumbnails(asked: argparse.Namespace) -> int:
    try:
        classifier = Classifier(Bundle.load(asked.bundle))
        if asked.latent and not asked.references:
            raise TrainingError("--latent tells the distance to --references: name these, too.")
        pictures = pictures_in(asked.references) if asked.references else []
        references = embeddings_of(pictures, classifier) if pictures else None
        picked = pick(asked.video, classifier, references, asked.k)
        apart = _latent_distances(asked.latent, picked, pictures) if asked.latent else None
        written = _write(picked, asked.video, asked.out) if asked.out else []
    except VideoError as error:
        return _failed(asked, error.message)
    except OSError as error:
        return _failed(asked, of_file(error))
    except (TrainingError, BundleError, ThumbnailBundleError) as error:
        return _failed(asked, str(error))
    print(_as_json(picked, apart) if asked.json else _as_table(picked, apart), flush=True)
    for path in written:
        print(path, file=sys.stderr)
    return 0


def _failed(asked: argparse.Namespace, message: str) -> int:
    if asked.json:
        print(json.dumps({"frames": [], "error": message}, ensure_ascii=False))
    else:
        print(f"thumbnails: {message}", file=sys.stderr)
    return FAILED


def _latent_distances(
    folder: Path, picked: Sequence[Picked], pictures: Sequence[Image.Image]
) -> list[float]:
    from thumbnails import Latent, distances

    latent = Latent(folder)
    frames = latent.vectors([one.frame.image for one in picked])
    return [float(one) for one in distances(frames, latent.vectors(pictures))]


def _as_json(picked: Sequence[Picked], apart: Sequence[float] | None) -> str:
    frames = [
        {"time": round(one.frame.time, 3), "score": round(one.why.score, 4)} for one in picked
    ]
    for frame, distance in zip(frames, apart or (), strict=False):
        frame["latent_distance"] = round(distance, 4)
    return json.dumps({"frames": frames})


def _as_table(picked: Sequence[Picked], apart: Sequence[float] | None) -> str:
    lines = ["time, s   score   quality   closeness   latent distance   faults"]
    lines += [
        f"{one.frame.time:7.2f}   {one.why.score:5.2f}   {one.why.quality:7.2f}   "
        f"{one.why.closeness:9.2f}   {distance:>15}   {', '.join(one.frame.quality.faults) or '-'}"
        for one, distance in zip(picked, _told(picked, apart), strict=True)
    ]
    return "\n".join(lines)


def _told(picked: Sequence[Picked], apart: Sequence[float] | None) -> list[str]:
    return ["-"] * len(picked) if apart is None else [f"{one:.2f}" for one in apart]


def _write(picked: Sequence[Picked], video: Path, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for rank, one in enumerate(picked, 1):
        path = folder / f"{video.stem}-{rank}-{one.frame.time:.2f}s.jpg"
        path.write_bytes(one.frame.jpeg)
        written.append(path)
    return written
