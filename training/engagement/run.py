"""A whole run: thumbnails and what was counted to a card, a plot, sheets and a bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from classifiers import Bundle
from classifiers.pixels import to_square
from thumbnails.engagement import WEIGHTS
from thumbnails.manifest import FORMAT, EngagementManifest
from training.engagement import looks
from training.engagement.bundle import CARD, PLOT, SHEETS, write_weights
from training.engagement.card import Measured, write_card
from training.engagement.effect import CrossFit, Effect, cross_fit, effect
from training.engagement.models import LOSSES, Floats, Linear, Pictures, by_context, by_picture
from training.engagement.numbers import Doubles, Numbers, Target, numbers_of
from training.engagement.pictures import heat, plot, sheet
from training.engagement.tail import tail_of
from training.engagement.tuned import Thumbnails, Tuning, cross_fit_tuned
from training.errors import TrainingError
from training.fit.backbones import pretrained
from training.fit.frozen import Frozen
from training.items.pictures import embed_posters
from training.place import check_folder
from training.thumbnails import manifest as manifests
from training.thumbnails.channels import Video, fingerprint, open_pictures, read_videos

FEWEST_CHANNELS = 20
SHOWN = 12


@dataclass(frozen=True)
class Tune:
    """The network is fine-tuned, too, from ``weights`` (None: those that Keras downloads); ``keep``
    is a folder in which a run that was stopped goes on."""

    tuning: Tuning
    weights: Path | None
    keep: Path | None


@dataclass(frozen=True)
class EngagementRun:
    """What is measured. ``labels`` is the bundle whose network it is, if it is one: what its labels
    see in the thumbnails are looks, too. ``tune`` is what else is done with the network."""

    data: Path
    out: Path
    target: Target
    network: Frozen
    labels: Bundle | None
    tune: Tune | None = None


def measure(run: EngagementRun) -> str:
    """Measures, writes everything, and returns the card.

    Raises TrainingError where the folder cannot be used or holds too few channels.
    """
    check_folder(run.out)
    videos, images, embeddings = _seen(run)
    numbers = numbers_of(videos, run.target)
    if numbers.channel.max() + 1 < FEWEST_CHANNELS:
        raise TrainingError(
            f"{run.data} has {numbers.channel.max() + 1} channels; {FEWEST_CHANNELS} are needed."
        )
    pictures = Pictures.of(embeddings)
    said = {loss: cross_fit(numbers, pictures.rows, loss) for loss in LOSSES}
    effects = [effect(numbers, one, loss) for loss, one in said.items()]
    first = said["squared"]
    seen = looks.measured(images) | _labels(run.labels, embeddings)
    ranked = looks.rank(seen, numbers.counted - first.context, numbers.channel)
    name = run.out.resolve().name
    tuned = _tuned(run, numbers, images, embeddings)
    told = Measured(name, numbers, run.network.folder.name, effects, ranked, tuned)
    model = pictures.on_embeddings(_part_of_the_picture(numbers, pictures.rows))
    manifests.emptied(run.out)
    plot(numbers, first, effects[0], run.out / PLOT)
    _sheets(run, images, model, first, numbers)
    card = write_card(told)
    (run.out / CARD).write_text(card, "utf-8")
    write_weights(run.out, model, first.extra)
    manifests.write(run.out, _manifest(run, told, videos, embeddings.shape[1]))
    return card


def _tuned(
    run: EngagementRun, numbers: Numbers, images: Sequence[Image.Image], embeddings: Floats
) -> list[Effect]:
    if run.tune is None:
        return []
    backbone, size = run.network.backbone, run.network.size
    part = run.tune.tuning.part
    pixels = np.stack([to_square(image, size) for image in images])
    network = pretrained(backbone, size, run.tune.weights)
    seen = Thumbnails(tail_of(network, backbone, pixels, part), embeddings)
    named = {"last": "last stage fine-tuned", "all": "all of it fine-tuned"}[part]
    said = cross_fit_tuned(numbers, seen, "squared", run.tune.tuning, run.tune.keep)
    return [effect(numbers, said, "squared", named)]


def _seen(run: EngagementRun) -> tuple[list[Video], list[Image.Image], Floats]:
    """Videos whose thumbnail can be read and is large enough, and float32 [n, dimension]."""
    videos, images = open_pictures(read_videos(run.data))
    found = embed_posters([one.picture for one in videos], run.network)
    kept = [row for row, one in enumerate(found) if one is not None]
    if not kept:
        raise TrainingError(f"No thumbnail of {run.data} can be read.")
    embeddings = np.stack([one for one in found if one is not None])
    return [videos[row] for row in kept], [images[row] for row in kept], embeddings


def _part_of_the_picture(numbers: Numbers, pictures: Doubles) -> Linear:
    known = by_context(numbers.context, numbers.counted, "squared")
    left = numbers.counted - known.predict(numbers.context)
    return by_picture(pictures, left, numbers.channel, "squared")


def _labels(bundle: Bundle | None, embeddings: Floats) -> dict[str, Doubles]:
    if bundle is None:
        return {}
    # Only the means of all places are at hand.
    scores = bundle.heads.scores(embeddings[:, None, None]).astype(np.float64)
    return {f"shows: {one.name}": scores[:, at] for at, one in enumerate(bundle.labels)}


def _sheets(
    run: EngagementRun,
    images: Sequence[Image.Image],
    model: Linear,
    said: CrossFit,
    numbers: Numbers,
) -> None:
    """Both ends by what models said that did not see the channel."""
    order = np.argsort(-said.extra, kind="stable")
    times = np.exp(numbers.counted - said.context)
    look = run.network.feature_maps()
    for name, rows, sign in (
        (SHEETS[0], order[:SHOWN], 1.0),
        (SHEETS[1], order[::-1][:SHOWN], -1.0),
    ):
        ends = [images[row] for row in rows]
        maps = look(np.stack([to_square(image, run.network.size) for image in ends]))
        seen = [heat(one, sign * model.weights) for one in maps]
        told = [
            f"score: x{np.exp(said.extra[row]):.2f}   counted: x{times[row]:.2f} of what "
            f"{' and '.join(numbers.known)} say"
            for row in rows
        ]
        sheet(ends, seen, told).save(run.out / name, quality=85)


def _manifest(
    run: EngagementRun, told: Measured, videos: Sequence[Video], dimension: int
) -> EngagementManifest:
    return EngagementManifest(
        format=FORMAT,
        kind="engagement",
        name=told.name,
        fingerprint=fingerprint(videos),
        versions=manifests.versions("scikit-learn", "openvino"),
        metrics={
            "effects": [asdict(one) for one in (*told.effects, *told.tuned)],
            "says": told.verdict,
        },
        files=manifests.hashes(run.out, (WEIGHTS, CARD, PLOT)),
        target=run.target,
        embedding_id=run.network.folder.name,
        dimension=dimension,
        found=told.found,
    )
