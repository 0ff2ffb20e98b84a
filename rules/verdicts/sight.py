"""What was seen in one image, as the rules need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """One label in an image or a video: its score in 0..1, its fact, the thresholds between them.

    ``at``: of a video, the second at which the label has that score.
    """

    score: float
    fact: bool | None
    true_at: float | None = None
    false_at: float | None = None
    at: float | None = None


Sight = Mapping[str, Seen]
