"""The thumbnail's part on disk: what it says of a picture, beside what is known of a video."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from training.engagement.models import Floats, Linear
from training.engagement.numbers import Doubles
from training.errors import TrainingError
from training.thumbnails.manifest import EngagementManifest, read_checked

WEIGHTS, CARD, PLOT = "picture.safetensors", "card.md", "plot.png"
SHEETS = ("more.jpg", "fewer.jpg")
SHARES = 101  # of the scores of the thumbnails that were learned from, in per cent


@dataclass(frozen=True)
class Score:
    """``factor``: how many times the target that age and size say. ``above``: the share of the
    thumbnails that were learned from with a lower score, in 0..1."""

    factor: float
    above: float


@dataclass(frozen=True)
class Engagement:
    """A bundle in memory; ``steps`` float32 [101] are the percentiles of the scores."""

    manifest: EngagementManifest
    model: Linear
    steps: Floats

    @classmethod
    def load(cls, folder: Path) -> Engagement:
        """Reads and checks it. Raises TrainingError with what is wrong."""
        manifest, _ = read_checked(folder, EngagementManifest, "engagement bundle", (WEIGHTS,))
        try:
            found = load((folder / WEIGHTS).read_bytes())
            weights, bias, steps = found["weights"], found["bias"], found["steps"]
        except (KeyError, SafetensorError) as error:
            raise TrainingError(f"{folder / WEIGHTS} holds no scores: {error}.") from error
        if weights.shape != (manifest.dimension,) or steps.shape != (SHARES,):
            raise TrainingError(f"{folder / WEIGHTS} does not belong to its manifest.")
        return cls(manifest, Linear(weights.astype(np.float64), float(bias[0])), steps)

    def scores(self, embeddings: Floats) -> list[Score]:
        """Of embeddings [n, dimension] that ``manifest.embedding_id`` made."""
        logs = self.model.predict(embeddings)
        shares = np.searchsorted(self.steps, logs) / SHARES
        return [Score(float(np.exp(a)), float(b)) for a, b in zip(logs, shares, strict=True)]


def write_weights(folder: Path, model: Linear, scores: Doubles) -> None:
    """``scores`` are those of videos whose channel the model they are from did not see."""
    steps = np.percentile(scores, np.arange(SHARES)).astype(np.float32)
    tensors = {
        "weights": model.weights.astype(np.float32),
        "bias": np.array([model.bias], np.float32),
        "steps": steps,
    }
    (folder / WEIGHTS).write_bytes(save(tensors))
