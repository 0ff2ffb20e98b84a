"""A whole run: thumbnails and what was counted to a card, a plot, sheets and a bundle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from classifiers import Bundle
from classifiers.pixels import to_square
from training.engagement import looks
from training.engagement.bundle import CARD, PLOT, SHEETS, WEIGHTS, write_weights
from training.engagement.card import Measured, write_card
from training.engagement.effect import CrossFit, cross_fit, effect
from training.engagement.models import LOSSES, Floats, Linear, Pictures, by_context, by_picture
from training.engagement.numbers import Doubles, Numbers, Target, numbers_of
from training.engagement.pictures import heat, plot, sheet
from training.errors import TrainingError
from training.fit.frozen import Frozen
from training.items.pictures import embed_posters
from training.thumbnails import manifest as manifests
from training.thumbnails.channels import Video, fingerprint, open_pictures, read_videos
from training.thumbnails.manifest import FORMAT, EngagementManifest

FEWEST_CHANNELS = 20
SHOWN = 12


@dataclass(frozen=True)
class Run:
    """What is measured. ``labels`` is the bundle whose network it is, if it is one: what its labels
    see in the thumbnails are looks, too."""

    data: Path
    out: Path
    target: Target
    network: Frozen
    labels: Bundle | None


def measure(run: Run) -> str:
    """Measures, writes everything, and returns the card.

    Raises TrainingError where the folder cannot be used or holds too few channels.
    """
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
    told = Measured(name, numbers, run.network.folder.name, effects, ranked)
    model = pictures.on_embeddings(_part_of_the_picture(numbers, pictures.rows))
    manifests.emptied(run.out)
    plot(numbers, first, effects[0], run.out / PLOT)
    _sheets(run, images, model, first, numbers)
    card = write_card(told)
    (run.out / CARD).write_text(card, "utf-8")
    write_weights(run.out, model, first.extra)
    manifests.write(run.out, _manifest(run, told, videos, embeddings.shape[1]))
    return card


def _seen(run: Run) -> tuple[list[Video], list[Image.Image], Floats]:
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
    scores = bundle.heads.scores(embeddings).astype(np.float64)
    return {f"shows: {one.name}": scores[:, at] for at, one in enumerate(bundle.labels)}


def _sheets(
    run: Run, images: Sequence[Image.Image], model: Linear, said: CrossFit, numbers: Numbers
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
    run: Run, told: Measured, videos: Sequence[Video], dimension: int
) -> EngagementManifest:
    return EngagementManifest(
        format=FORMAT,
        kind="engagement",
        name=told.name,
        fingerprint=fingerprint(videos),
        versions=manifests.versions("scikit-learn", "openvino"),
        metrics={"effects": [asdict(one) for one in told.effects], "says": told.verdict},
        files=manifests.hashes(run.out, (WEIGHTS, CARD, PLOT)),
        target=run.target,
        embedding_id=run.network.folder.name,
        dimension=dimension,
        found=told.found,
    )
