"""The files of an engagement bundle, written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save

from thumbnails.engagement import SHARES, WEIGHTS
from training.engagement.models import Linear
from training.engagement.numbers import Doubles

CARD, PLOT = "card.md", "plot.png"
SHEETS = ("more.jpg", "fewer.jpg")


def write_weights(folder: Path, model: Linear, scores: Doubles) -> None:
    """``scores`` are those of videos whose channel the model they are from did not see."""
    steps = np.percentile(scores, np.arange(SHARES)).astype(np.float32)
    tensors = {
        "weights": model.weights.astype(np.float32),
        "bias": np.array([model.bias], np.float32),
        "steps": steps,
    }
    (folder / WEIGHTS).write_bytes(save(tensors))
