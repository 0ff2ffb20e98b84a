"""What is wanted of a video."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """At most so many ``frames``, each as a JPEG of at most ``shown`` and as pixels whose
    shorter side is at most ``looked_at``."""

    frames: int
    shown: int
    looked_at: int
