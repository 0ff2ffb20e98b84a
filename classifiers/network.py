"""The backbone, run by OpenVINO: RGB images in, feature maps out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import openvino
from PIL import Image

Floats = npt.NDArray[np.float32]


class Network:
    """A compiled backbone. One object serves one thread at a time."""

    def __init__(self, path: Path, size: int, threads: int = 0) -> None:
        """Compile ``network.xml`` in ``path``; ``threads`` 0 takes every core."""
        self._size = size
        core = openvino.Core()
        settings: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        if threads:
            settings["INFERENCE_NUM_THREADS"] = threads
        model = core.compile_model(str(path / "network.xml"), "CPU", settings)
        self._request = model.create_infer_request()

    def features(self, images: Sequence[Image.Image]) -> Floats:
        """Feature maps, float32 ``[images, rows, columns, channels]``, in one forward pass."""
        pixels = np.stack([prepare(image, self._size) for image in images])
        self._request.infer([pixels])
        # The request's memory is used again by the next call.
        return np.array(self._request.get_output_tensor(0).data, dtype=np.float32)


def prepare(image: Image.Image, size: int) -> npt.NDArray[np.uint8]:
    """An RGB image as the network's input, uint8 ``[size, size, 3]``.

    The whole photograph is squeezed into a square: what stands at its edge counts too.
    """
    small = image.resize((size, size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(small, dtype=np.uint8)
