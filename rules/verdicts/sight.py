"""What was seen in one image, as the rules need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """One label in one image: its score in 0..1, its fact, and the thresholds between them."""

    score: float
    fact: bool | None
    true_at: float | None = None
    false_at: float | None = None


Sight = Mapping[str, Seen]
