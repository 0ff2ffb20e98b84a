"""What goes with views or subscribers, beside what is known of a video, said of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from safetensors import SafetensorError
from safetensors.numpy import load

from thumbnails.manifest import EngagementManifest, ThumbnailBundleError, read_checked

WEIGHTS = "picture.safetensors"
SHARES = 101  # of the scores of the thumbnails that were learned from, in per cent

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Score:
    """``factor``: how many times the target that age and size say. ``above``: the share of the
    thumbnails that were learned from with a lower score, in 0..1."""

    factor: float
    above: float


class Own(BaseModel):
    """What the picture alone adds to R² where it was measured, with its 95 % interval."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Engagement:
    """A bundle in memory. ``weights`` float32 [dimension] and ``bias`` give the logarithm of the
    factor; ``steps`` float32 [101] are the percentiles of the scores; ``own`` is the effect."""

    manifest: EngagementManifest
    weights: Floats
    bias: float
    steps: Floats
    own: Own

    @classmethod
    def load(cls, folder: Path) -> Engagement:
        """Reads and checks it. Raises ThumbnailBundleError with what is wrong."""
        manifest, _ = read_checked(folder, EngagementManifest, "engagement bundle", (WEIGHTS,))
        try:
            own = Own.model_validate(manifest.metrics["effects"][0]["own"])
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ThumbnailBundleError(f"{folder} does not say what was measured.") from error
        try:
            found = load((folder / WEIGHTS).read_bytes())
            weights, bias, steps = found["weights"], found["bias"], found["steps"]
        except (KeyError, SafetensorError) as error:
            raise ThumbnailBundleError(f"{folder / WEIGHTS} holds no scores: {error}.") from error
        if weights.shape != (manifest.dimension,) or steps.shape != (SHARES,):
            raise ThumbnailBundleError(f"{folder / WEIGHTS} does not belong to its manifest.")
        return cls(manifest, weights, float(bias[0]), steps, own)

    def scores(self, embeddings: Floats) -> list[Score]:
        """Of embeddings [n, dimension] that ``manifest.embedding_id`` made."""
        logs = embeddings.astype(np.float64) @ self.weights.astype(np.float64) + self.bias
        shares = np.searchsorted(self.steps, logs) / SHARES
        return [Score(float(np.exp(a)), float(b)) for a, b in zip(logs, shares, strict=True)]
