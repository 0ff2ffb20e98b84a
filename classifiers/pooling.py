"""From feature maps to one row an image: the mean over places, or one led by the strongest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def embed(features: Floats) -> Floats:
    """Feature maps [n, h, w, c] pooled over h and w and L2-normalised: [n, c]."""
    pooled = features.mean(axis=(1, 2))
    return np.asarray(pooled / _norms(pooled), np.float32)


def places(features: Floats) -> Floats:
    """The same feature maps as places [n, h * w, c] whose mean is the embedding of ``embed``."""
    norms = _norms(features.mean(axis=(1, 2)))[:, None]
    flat = features.reshape(len(features), -1, features.shape[-1])
    return np.asarray(flat / norms, np.float32)


def log_mean_exp(outputs: Floats, sharpness: float | Floats) -> tuple[Floats, Floats]:
    """Outputs [n, places, columns] pooled to [n, columns], and each place's share of the result.

    With a ``sharpness`` near 0 this is the mean and all shares are alike; the larger it is, the
    more it is the maximum, so that what is small in a large scene counts. The shares are the
    derivatives: [n, places, columns], of sum 1. Pinheiro and Collobert 2015, "From Image-level to
    Pixel-level Labeling with Convolutional Networks".
    """
    top = outputs.max(axis=1, keepdims=True)
    weights = np.exp(sharpness * (outputs - top))
    mean = weights.mean(axis=1, keepdims=True)
    pooled = top + np.log(mean) / sharpness
    shares = weights / (mean * outputs.shape[1])
    return np.asarray(pooled[:, 0], np.float32), np.asarray(shares, np.float32)


def _norms(pooled: Floats) -> Floats:
    norms = np.linalg.norm(pooled, axis=1, keepdims=True)
    return np.asarray(np.maximum(norms, 1e-12), np.float32)
