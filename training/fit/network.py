"""Writes a Keras model as the network of a bundle, and copies one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from classifiers.bundle import NETWORK, WEIGHTS
from classifiers.manifest import FILE_NAME
from classifiers.pooling import embed
from classifiers.runtime import CHUNK
from classifiers.telemetry import keep_quiet
from training.errors import TrainingError

Floats = NDArray[np.float32]
Embedder = Callable[[NDArray[np.uint8]], Floats]
Computed = Literal["f32", "bf16"]


def export_network(model: Any, folder: Path) -> None:
    """Writes a Keras model as OpenVINO IR, its weights in float16 (half the size).

    A manifest that lies there is removed: it described another network.
    """
    from classifiers.vino import openvino

    keep_quiet()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as saved:
        model.export(saved, format="tf_saved_model", verbose=False)
        converted = openvino.convert_model(saved)
    # Else the file names the temporary folder, and differs from run to run.
    converted.set_rt_info("keras", ["conversion_parameters", "input_model"])
    save_network(converted, folder)


def save_network(model: Any, folder: Path) -> None:
    """Writes an OpenVINO model, its weights in float16.

    Raises:
        TrainingError: it cannot be written. OpenVINO does not say why.
    """
    from classifiers.vino import openvino

    try:
        openvino.save_model(model, folder / NETWORK, compress_to_fp16=True)
    except RuntimeError as error:
        raise TrainingError(
            f"{folder / WEIGHTS} cannot be written: make room on its disk, or name another folder."
        ) from error


def copy_network(source: Path, folder: Path) -> None:
    """Copies a network that was exported before; a manifest that lies there is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).unlink(missing_ok=True)
    for name in (NETWORK, WEIGHTS):
        shutil.copyfile(source / name, folder / name)


def feature_maps(
    folder: Path,
    scale: float,
    offset: float,
    threads: int | None = None,
    precision: Computed = "f32",
) -> Embedder:
    """A function from uint8 [n, size, size, 3] to feature maps float32 [n, h, w, dimension].

    With "f32" it computes as serving does: what is quantised in eight-bit integers, the rest in
    float32. With "bf16" it takes half the time where the processor has bfloat16.
    """
    from classifiers.vino import openvino

    settings: dict[str, object] = {"INFERENCE_PRECISION_HINT": precision}
    if threads is not None:
        settings["INFERENCE_NUM_THREADS"] = threads
    network = openvino.Core().compile_model(str(folder / NETWORK), "CPU", settings)

    def look(pixels: NDArray[np.uint8]) -> Floats:
        # A few at a time: more gain hardly any speed, and cost memory.
        parts = [pixels[at : at + CHUNK] for at in range(0, len(pixels), CHUNK)]
        scaled = [(part.astype(np.float32) * scale + offset).astype(np.float32) for part in parts]
        return np.concatenate([np.array(network(one)[0], np.float32) for one in scaled])

    return look


def embedder(folder: Path, scale: float, offset: float, threads: int | None = None) -> Embedder:
    """A function from uint8 [n, size, size, 3] to float32 [n, dimension] of norm 1."""
    look = feature_maps(folder, scale, offset, threads)

    def pooled(pixels: NDArray[np.uint8]) -> Floats:
        parts = [pixels[at : at + CHUNK] for at in range(0, len(pixels), CHUNK)]
        return np.concatenate([embed(look(part)) for part in parts])

    return pooled
