"""Candidates looked at by the live bundle, and the best of them chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from service.screen import Screen
from service.tables import Json
from service.thumbnails.candidates import Candidates, ShownCandidate
from service.thumbnails.reasons import reason
from similarity.duplicates import Floats
from similarity.frames import Chosen, choose, subject_share

FAINT = 0.4  # evidence below this share of the strongest does not move the middle


@dataclass(frozen=True)
class Best:
    """A chosen candidate; ``focus`` is the middle of what was seen in it, in 0..1 from the top
    left. ``extras`` are further scores by name, if any were asked for."""

    shown: ShownCandidate
    chosen: Chosen
    reason: Json
    focus: tuple[float, float]
    embedding: Floats
    extras: Json = field(default_factory=dict)


def best_of(
    current: Screen, candidates: Candidates, references: Floats | None, wanted: int
) -> list[Best]:
    """The best of the candidates, the best one first."""
    looks = current.classifier.look([one.image for one in candidates.shown])
    embeddings = np.stack([look.prediction.embedding for look in looks])
    measured = [
        replace(one, subject=subject_share(look.map))
        for one, look in zip(candidates.measured, looks, strict=True)
    ]
    found = []
    for rank, one in enumerate(choose(measured, embeddings, references, wanted), 1):
        shown, candidate = candidates.shown[one.index], measured[one.index]
        faults = shown.faults if candidate.faulty else ()
        told = reason(one, rank, faults, candidate.subject, has_references=references is not None)
        place = focus(looks[one.index].map)
        found.append(Best(shown, one, told, place, embeddings[one.index]))
    return found


def embedded(current: Screen, images: Sequence[Image.Image]) -> Floats:
    """The embeddings of reference pictures, [pictures, dimension]."""
    return np.stack([look.prediction.embedding for look in current.see(images)])


def focus(attention: Floats) -> tuple[float, float]:
    """The middle of a class-activation map [h, w]: across and down, in 0..1.

    Where nothing was seen, the middle of the picture.
    """
    evidence = np.maximum(attention - FAINT, 0)
    total = float(evidence.sum())
    if total <= 0:
        return 0.5, 0.5
    height, width = evidence.shape
    across = float(evidence.sum(axis=0) @ (np.arange(width) + 0.5)) / total / width
    down = float(evidence.sum(axis=1) @ (np.arange(height) + 0.5)) / total / height
    return across, down
