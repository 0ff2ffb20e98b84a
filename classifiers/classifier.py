"""From images to embeddings, scores and facts, in one forward pass."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from classifiers.bundle import Bundle
from classifiers.heads import Heads
from classifiers.network import Network

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prediction:
    """What was seen in one image: the embedding (float32 ``[dimension]``, length 1), and for each
    label its score in 0..1 and its fact."""

    embedding: Floats
    scores: dict[str, float]
    facts: dict[str, bool | None]


class Classifier:
    """A bundle ready to look at images. Threads may share it; they take turns."""

    def __init__(self, bundle: Bundle, threads: int = 0) -> None:
        """Compile the bundle's network; ``threads`` of one forward pass, 0 for every core."""
        self.bundle = bundle
        size = bundle.manifest.preprocessing.size
        self._network = Network(bundle.path, size, threads)
        self._heads = Heads.load(
            bundle.path / "heads.safetensors", bundle.dimension, len(bundle.labels)
        )
        self._turn = threading.Lock()

    def predict(self, images: Sequence[Image.Image]) -> list[Prediction]:
        """Look at RGB images, all in one forward pass."""
        if not images:
            return []
        embeddings, _ = embed(self._features(images))
        rows = self._heads.scores(embeddings)
        return [self._prediction(e, row) for e, row in zip(embeddings, rows, strict=True)]

    def attention(self, image: Image.Image, label: str) -> Floats:
        """Where a label was seen: its class-activation map, float32 ``[rows, columns]`` in 0..1.

        The heads are linear on pooled features, so a label's evidence at a place is the product
        of feature map and head weights there (Zhou et al., 2016, Learning Deep Features for
        Discriminative Localization). Negative evidence is shown as none.

        Raises:
            KeyError: the bundle does not know the label.
        """
        index = self.bundle.labels.index(self.bundle.label(label))
        features = self._features([image])
        _, lengths = embed(features)
        evidence = (features[0] / lengths[0]) @ self._heads.column(index)
        positive = np.maximum(evidence, 0)
        return np.asarray(positive / max(float(positive.max()), 1e-9), dtype=np.float32)

    def _features(self, images: Sequence[Image.Image]) -> Floats:
        with self._turn:
            return self._network.features(images)

    def _prediction(self, embedding: Floats, row: Floats) -> Prediction:
        names = [label.name for label in self.bundle.labels]
        scores = {name: float(score) for name, score in zip(names, row, strict=True)}
        return Prediction(embedding, scores, self.bundle.facts(scores))


def embed(features: Floats) -> tuple[Floats, Floats]:
    """Average feature maps ``[n, rows, columns, channels]`` and scale each to length 1.

    Returns:
        embeddings ``[n, channels]`` and the lengths before scaling ``[n, 1]``.
    """
    pooled = features.mean(axis=(1, 2), dtype=np.float32)
    lengths = np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)
    return np.asarray(pooled / lengths, np.float32), np.asarray(lengths, np.float32)
