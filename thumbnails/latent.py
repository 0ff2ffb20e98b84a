"""Pictures to latent vectors by an autoencoder on disk, whose Euclidean distance says how alike
they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifiers.bundle import NETWORK, WEIGHTS
from classifiers.infer_requests import InferRequests
from classifiers.vino import openvino
from thumbnails.canvas import Canvases
from thumbnails.manifest import AutoencoderManifest, read_checked

CHUNK = 16
NEAREST = 5  # references that a frame is compared with, as by the embedding

Floats = NDArray[np.float32]


class Latent:
    """The encoder of an autoencoder bundle. Threads may share it.

    Raises ThumbnailBundleError where the bundle cannot be used.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        needed = (NETWORK, WEIGHTS)
        self.manifest, _ = read_checked(folder, AutoencoderManifest, "autoencoder", needed)
        settings: dict[str, object] = {"INFERENCE_PRECISION_HINT": "f32"}
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        network = openvino.Core().compile_model(str(folder / NETWORK), "CPU", settings)
        self._requests = InferRequests(network)

    def vectors(self, images: Sequence[Image.Image]) -> Floats:
        """float32 [n, length] of RGB images of any size."""
        found = [np.empty((0, self.manifest.length), np.float32)]
        for at in range(0, len(images), CHUNK):
            canvases = Canvases.of(list(images[at : at + CHUNK]), self.manifest.side)
            maps = self._requests.infer(canvases.pixels.astype(np.float32) / np.float32(255))
            found.append(maps.reshape(len(canvases.pixels), -1))
        return np.concatenate(found)


def distances(vectors: Floats, references: Floats) -> Floats:
    """The mean Euclidean distance of each vector to its nearest references, float32 [n]."""
    apart = np.linalg.norm(vectors[:, None] - references[None], axis=2)
    return np.asarray(np.sort(apart, axis=1)[:, :NEAREST].mean(axis=1), np.float32)
