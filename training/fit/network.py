"""Writes a Keras model as the network of a bundle, and copies one."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from classifiers.bundle import NETWORK, WEIGHTS
from classifiers.manifest import FILE_NAME


def export_network(model: Any, folder: Path) -> None:
    """Writes a Keras model as OpenVINO IR, its weights in float16 (half the size).

    A manifest that lies there is removed: it described another network.
    """
    import openvino

    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as saved:
        model.export(saved, format="tf_saved_model", verbose=False)
        converted = openvino.convert_model(saved)
    # Else the file names the temporary folder, and differs from run to run.
    converted.set_rt_info("keras", ["conversion_parameters", "input_model"])
    openvino.save_model(converted, folder / NETWORK, compress_to_fp16=True)


def copy_network(source: Path, folder: Path) -> None:
    """Copies a network that was exported before; a manifest that lies there is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).unlink(missing_ok=True)
    for name in (NETWORK, WEIGHTS):
        shutil.copyfile(source / name, folder / name)
