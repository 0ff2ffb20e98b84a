"""A whole run: thumbnails to an autoencoder on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classifiers.bundle import NETWORK, WEIGHTS
from thumbnails.canvas import Canvases
from thumbnails.manifest import FORMAT, AutoencoderManifest
from training.errors import TrainingError
from training.fit.keep import Keep
from training.fit.network import export_network
from training.place import check_folder
from training.thumbnails import manifest as manifests
from training.thumbnails.autoencoder import STEP, latent_length
from training.thumbnails.channels import (
    Video,
    fingerprint,
    held_back,
    open_pictures,
    read_videos,
)
from training.thumbnails.reconstruct import Reconstructed, Schedule, reconstruct


@dataclass(frozen=True)
class EncoderTraining:
    """What is trained from what. ``held_back`` is the share of channels that is not learned from;
    ``keep`` is where a training that was stopped goes on."""

    data: Path
    out: Path
    side: int
    held_back: float
    keep: Path | None
    schedule: Schedule


def train(run: EncoderTraining) -> AutoencoderManifest:
    """Trains, and writes the bundle. Raises TrainingError where the folder cannot be used."""
    if run.side % STEP:
        raise TrainingError(f"The side of the canvas must be a multiple of {STEP}: {run.side}.")
    videos, images = open_pictures(read_videos(run.data))
    apart = np.array([held_back(one.channel, run.held_back, run.schedule.seed) for one in videos])
    if apart.all() or not apart.any():
        raise TrainingError("There are too few channels to hold some of them back.")
    check_folder(run.out)
    canvases = Canvases.of(images, run.side)
    seen = fingerprint(videos)
    keep = Keep.of(run.keep, seen, run.side, run.held_back, run.schedule) if run.keep else None
    learned = reconstruct(_part(canvases, ~apart), _part(canvases, apart), run.schedule, keep)
    export_network(learned.encoder, manifests.emptied(run.out))
    written = AutoencoderManifest(
        format=FORMAT,
        kind="autoencoder",
        name=run.out.resolve().name,
        fingerprint=seen,
        versions=manifests.versions("keras", "openvino"),
        metrics=_metrics(videos, int(apart.sum()), learned),
        files=manifests.hashes(run.out, (NETWORK, WEIGHTS)),
        side=run.side,
        length=latent_length(run.side),
        held_back=run.held_back,
        seed=run.schedule.seed,
    )
    manifests.write(run.out, written)
    return written


def _part(canvases: Canvases, rows: np.typing.NDArray[np.bool_]) -> Canvases:
    return Canvases(canvases.pixels[rows], canvases.there[rows])


def _metrics(videos: Sequence[Video], apart: int, learned: Reconstructed) -> dict[str, object]:
    return {
        "pictures": len(videos) - apart,
        "held back": apart,
        "parameters": learned.parameters,
        "best epoch": learned.progress.best_epoch,
        "cross-entropy held back": [round(-one, 4) for one in learned.progress.scores],
    }
