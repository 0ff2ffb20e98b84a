"""The two linear heads on the embedding: objects (several at once) and scenes (one, or none)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from classifiers.bundle import BundleError

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Heads:
    """Weights ``[dimension, labels]`` and biases ``[labels]``, both already divided by the
    temperature that calibrates them (Guo et al., 2017, On Calibration of Modern Neural Networks).

    The scenes' last column is "none of them".
    """

    object_weights: Floats
    object_biases: Floats
    scene_weights: Floats
    scene_biases: Floats

    def scores(self, embeddings: Floats) -> Floats:
        """Probabilities, float32 ``[n, objects + scenes]``, of embeddings ``[n, dimension]``."""
        objects = sigmoid(embeddings @ self.object_weights + self.object_biases)
        scenes = softmax(embeddings @ self.scene_weights + self.scene_biases)[:, :-1]
        return np.concatenate([objects, scenes], axis=1).astype(np.float32)

    def column(self, index: int) -> Floats:
        """The weights of one label, against "none" for a scene; float32 ``[dimension]``."""
        objects = self.object_weights.shape[1]
        if index < objects:
            return self.object_weights[:, index]
        return self.scene_weights[:, index - objects] - self.scene_weights[:, -1]

    def save(self, file: Path) -> None:
        """Write a safetensors file."""
        save_file({name: np.ascontiguousarray(value) for name, value in vars(self).items()}, file)

    @classmethod
    def load(cls, file: Path, dimension: int, labels: int) -> Heads:
        """Read heads for that many embedding numbers and labels.

        Raises:
            BundleError: the file holds no such heads.
        """
        try:
            heads = cls(**load_file(file))
        except (SafetensorError, TypeError, OSError) as error:
            raise BundleError(f"{file} holds no heads: {error}.") from None
        columns = heads.object_weights.shape[1] + heads.scene_weights.shape[1] - 1
        if heads.object_weights.shape[0] != dimension or columns != labels:
            raise BundleError(
                f"{file} has heads for {heads.object_weights.shape[0]} numbers and {columns} "
                f"labels; the bundle has {dimension} and {labels}."
            )
        return heads


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^-x), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)), dtype=np.float32)


def softmax(x: Floats) -> Floats:
    """Exponentials that sum to one in each row."""
    exponents = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), dtype=np.float32)
