"""The part of a network that learns from thumbnails, and what goes into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from training.engagement.models import Floats
from training.errors import TrainingError
from training.fit.backbones import Backbone
from training.fit.upper import lower_part, upper_part

Part = Literal["last", "all"]
Bytes = NDArray[np.uint8]

CHUNK = 16

# The layers before the last stage of a network of keras.applications, by how their names begin.
_BEFORE_LAST = {
    "InceptionV3": "mixed7",
    "MobileNetV2": "block_12_",
    "EfficientNetV2": "block5",
    "EfficientNetB": "block6",
    "ResNet50V2": "conv4_",
}


@dataclass(frozen=True)
class Tail:
    """A Keras model from float32 [n, h, w, c] to feature maps, which learns, and what goes into it
    of each thumbnail: ``rows`` [n, h, w, c] become ``rows * scale + offset``."""

    network: Any
    rows: NDArray[Any]
    scale: float
    offset: float

    def batch(self, which: NDArray[np.int64]) -> Floats:
        """float32 [n, h, w, c] of some thumbnails."""
        return (self.rows[which].astype(np.float32) * self.scale + self.offset).astype(np.float32)


def tail_of(network: Any, backbone: Backbone, pixels: Bytes, part: Part) -> Tail:
    """The whole network, or its last stage alone, for which what comes before is computed once.

    Args:
        network: a Keras model from pixels to feature maps.
        pixels: uint8 [n, size, size, 3].

    Raises:
        TrainingError: it is not known where the last stage of this network begins.
    """
    whole = Tail(network, pixels, backbone.scale, backbone.offset)
    if part == "all":
        return whole
    layer = _last_before(network, backbone)
    lower = lower_part(network, layer)
    rows = np.concatenate(
        [np.asarray(lower(whole.batch(one)), np.float16) for one in _chunks(len(pixels))]
    )
    return Tail(upper_part(network, layer), rows, 1.0, 0.0)


def _last_before(network: Any, backbone: Backbone) -> str:
    for family, begins in _BEFORE_LAST.items():
        if backbone.network.startswith(family):
            names: list[str] = [layer.name for layer in network.layers]
            found = [name for name in names if name.startswith(begins)]
            if found:
                return found[-1]
    raise TrainingError(
        f"Where the last stage of {backbone.network} begins is not known: fine-tune all of it."
    )


def _chunks(count: int) -> Iterator[NDArray[np.int64]]:
    for at in range(0, count, CHUNK):
        yield np.arange(at, min(at + CHUNK, count))
