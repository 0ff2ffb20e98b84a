"""Bundles as the analysts' commands write them, made without a training."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import openvino
from openvino import opset13 as ops
from safetensors.numpy import save

from classifiers.bundle import NETWORK as BACKBONE
from classifiers.bundle import WEIGHTS as NUMBERS
from classifiers.files import sha256_of
from classifiers.manifest import FILE_NAME
from thumbnails.engagement import SHARES, WEIGHTS, Floats
from thumbnails.manifest import AutoencoderManifest, EngagementManifest

SIDE, CELLS = 32, 2
Target = Literal["views", "subscribers"]


def write_autoencoder(folder: Path) -> Path:
    """An encoder whose latent vector are the mean colours of four quarters of the canvas."""
    folder.mkdir(parents=True)
    pixels = ops.parameter([-1, SIDE, SIDE, 3], np.float32)
    planes = ops.transpose(pixels, np.array([0, 3, 1, 2], np.int64))
    step = [SIDE // CELLS] * 2
    pooled = ops.avg_pool(planes, step, [0, 0], [0, 0], step, exclude_pad=False)
    network = openvino.Model([pooled], [pixels], "quarters")
    openvino.save_model(network, folder / BACKBONE, compress_to_fp16=True)
    manifest = AutoencoderManifest(
        format=1,
        kind="autoencoder",
        name="quarters",
        fingerprint="",
        versions={},
        metrics={},
        files={name: sha256_of(folder / name) for name in (BACKBONE, NUMBERS)},
        side=SIDE,
        length=3 * CELLS * CELLS,
        held_back=0.3,
        seed=0,
    )
    (folder / FILE_NAME).write_text(manifest.model_dump_json(), "utf-8")
    return folder


def write_engagement(
    folder: Path, embedding_id: str, weights: Floats, *, found: bool, target: Target = "views"
) -> Path:
    """What guesses by a weighted sum of the embedding."""
    folder.mkdir(parents=True)
    tensors = {
        "weights": weights.astype(np.float32),
        "bias": np.zeros(1, np.float32),
        "steps": np.linspace(-1, 1, SHARES, dtype=np.float32),
    }
    (folder / WEIGHTS).write_bytes(save(tensors))
    own = {"value": 0.007, "low": 0.002 if found else -0.003, "high": 0.011}
    manifest = EngagementManifest(
        format=1,
        kind="engagement",
        name="guess",
        fingerprint="",
        versions={},
        metrics={"effects": [{"own": own}]},
        files={WEIGHTS: sha256_of(folder / WEIGHTS)},
        target=target,
        embedding_id=embedding_id,
        dimension=len(weights),
        found=found,
    )
    (folder / FILE_NAME).write_text(manifest.model_dump_json(), "utf-8")
    return folder
