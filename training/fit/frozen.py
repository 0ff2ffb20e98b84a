"""A pretrained network as it serves, exported once and kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers import Bundle
from classifiers.bundle import NETWORK, WEIGHTS
from classifiers.files import sha256_of
from classifiers.manifest import Precision
from training.errors import TrainingError
from training.fit.aside import HALF, aside, take_place
from training.fit.backbones import BACKBONES, Backbone, pretrained, random_start
from training.fit.network import (
    Computed,
    Embedder,
    embedder,
    export_network,
    feature_maps,
)

Floats = NDArray[np.float32]

CACHE = Path.home() / ".cache" / "tagsift"


@dataclass(frozen=True)
class Frozen:
    """An exported network: its folder in the cache, and what must be done to pixels before it.

    The folder's name tells backbone, input size, preprocessing and weights apart, so that what is
    kept in it, embeddings too, belongs to just this network.
    """

    folder: Path
    backbone: Backbone
    size: int
    precision: Precision = "float32"

    def embedder(self, threads: int | None = None) -> Embedder:
        """A function from uint8 [n, size, size, 3] to float32 [n, dimension] of norm 1."""
        return embedder(self.folder, self.backbone.scale, self.backbone.offset, threads)

    def feature_maps(self, threads: int | None = None, precision: Computed = "f32") -> Embedder:
        """A function from uint8 [n, size, size, 3] to float32 [n, h, w, channels]."""
        backbone = self.backbone
        return feature_maps(self.folder, backbone.scale, backbone.offset, threads, precision)


def frozen(backbone: Backbone, size: int, weights: Path | None, cache: Path) -> Frozen:
    """The pretrained network, exported if the cache does not hold it.

    ``weights`` is a file of no-top weights or None for those that Keras downloads. Raises
    TrainingError where they cannot be had.
    """
    if weights is not None and not weights.is_file():
        # Before the cache is asked, which may hold the weights that Keras downloads.
        raise TrainingError(f"The weights file {weights} does not exist.")
    origin = "imagenet" if weights is None else sha256_of(weights)
    return kept(backbone, size, origin, cache, lambda: pretrained(backbone, size, weights))


def frozen_random(backbone: Backbone, size: int, seed: int, cache: Path) -> Frozen:
    """The same network with random weights: to be measured, not to be trusted."""
    origin = f"random {seed}"
    return kept(backbone, size, origin, cache, lambda: random_start(backbone, size, seed))


def frozen_of(bundle: Bundle, cache: Path) -> Frozen:
    """The network of a bundle. Raises TrainingError where it is of a backbone not known here."""
    manifest = bundle.manifest
    if manifest.backbone not in BACKBONES:
        raise TrainingError(
            f"The network of {bundle.path} is of the backbone {manifest.backbone!r}, which this "
            "program does not know."
        )
    folder = cache / bundle.embedding_id
    folder.mkdir(parents=True, exist_ok=True)
    for name in (WEIGHTS, NETWORK):
        # By their size, because a copy that was stopped used to leave half a file.
        if _size(folder / name) != _size(bundle.path / name):
            with aside(folder / name) as half:
                shutil.copyfile(bundle.path / name, half)
    folder.touch()  # so that it is known when it was used last (``training.fit.prune``)
    backbone = replace(
        BACKBONES[manifest.backbone],
        scale=manifest.preprocessing.scale,
        offset=manifest.preprocessing.offset,
    )
    return Frozen(folder, backbone, manifest.preprocessing.size, manifest.precision)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else -1


def kept(
    backbone: Backbone, size: int, origin: str, cache: Path, build: Callable[[], Any]
) -> Frozen:
    """The network that ``build`` makes, exported if the cache does not hold it.

    ``origin`` tells its weights apart from others of the same backbone.
    """
    key = hashlib.sha256(repr((backbone, size, origin)).encode()).hexdigest()[:16]
    folder = cache / f"{backbone.name}-{size}-{key}"
    if not (folder / NETWORK).is_file():
        cache.mkdir(parents=True, exist_ok=True)
        # Written aside and moved, so that a run that was stopped leaves no half network.
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=cache))
        try:
            export_network(build(), half)
            take_place(half, folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    folder.touch()  # so that it is known when it was used last (``training.fit.prune``)
    return Frozen(folder, backbone, size)
