"""Calibrations turn log-odds into scores that are probabilities; each label has one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Floats = NDArray[np.float32]


# Far beyond what is ever fitted, and far from where float32 ends and scores are no numbers.
LARGEST = 1e30


class _Way(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Platt(_Way):
    """score = sigmoid(slope * logit + shift). The only kind in a manifest of format 1."""

    slope: FiniteFloat = Field(default=1.0, gt=0, le=LARGEST)
    shift: FiniteFloat = Field(default=0.0, ge=-LARGEST, le=LARGEST)

    def score(self, logits: Floats) -> Floats:
        """Calibrated probabilities of log-odds of any shape."""
        return sigmoid(np.asarray(logits * np.float32(self.slope) + np.float32(self.shift)))


class Temperature(_Way):
    """score = sigmoid(logit / temperature)."""

    temperature: FiniteFloat = Field(ge=1 / LARGEST, le=LARGEST)

    def score(self, logits: Floats) -> Floats:
        """Calibrated probabilities of log-odds of any shape."""
        return sigmoid(np.asarray(logits / np.float32(self.temperature)))


class Isotonic(_Way):
    """Scores at given log-odds, interpolated linearly between them and constant beyond them."""

    logits: tuple[float, ...] = Field(min_length=1)
    scores: tuple[float, ...]

    @model_validator(mode="after")
    def _in_order(self) -> Isotonic:
        if len(self.logits) != len(self.scores):
            raise ValueError("logits and scores must be as many")
        if not (np.diff(self.logits) > 0).all() or not (np.diff(self.scores) >= 0).all():
            raise ValueError("logits must rise, and scores must not fall")
        if not 0 <= self.scores[0] <= self.scores[-1] <= 1:
            raise ValueError("scores must lie between 0 and 1")
        return self

    def score(self, logits: Floats) -> Floats:
        """Calibrated probabilities of log-odds of any shape."""
        return np.interp(logits, self.logits, self.scores).astype(np.float32)


Calibration = Platt | Temperature | Isotonic


def sigmoid(values: Floats) -> Floats:
    """The logistic function, without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float32)
