"""Candidates looked at by the live bundle, and the best of them chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from classifiers import Classifier, Prediction
from service.screen import Screen
from service.tables import Json
from service.thumbnails.candidates import Candidates, Shown
from service.thumbnails.reasons import reason
from similarity.duplicates import Floats
from similarity.frames import Chosen, choose

FAINT = 0.4  # evidence below this share of the strongest does not move the middle


@dataclass(frozen=True)
class Best:
    """A chosen candidate; ``focus`` is the middle of what was seen in it, in 0..1 from the top
    left. ``extras`` are further scores by name, if any were asked for."""

    shown: Shown
    chosen: Chosen
    reason: Json
    focus: tuple[float, float]
    embedding: Floats
    extras: Json = field(default_factory=dict)


def best_of(
    current: Screen, candidates: Candidates, references: Floats | None, wanted: int
) -> list[Best]:
    """The best of the candidates, the best one first."""
    looks = current.see([one.image for one in candidates.shown])
    embeddings = np.stack([look.prediction.embedding for look in looks])
    found = []
    for rank, one in enumerate(choose(candidates.measured, embeddings, references, wanted), 1):
        shown = candidates.shown[one.index]
        faults = shown.faults if candidates.measured[one.index].faulty else ()
        told = reason(one, rank, faults, has_references=references is not None)
        place = focus(current.classifier, shown.image, looks[one.index].prediction)
        found.append(Best(shown, one, told, place, embeddings[one.index]))
    return found


def embedded(current: Screen, images: Sequence[Image.Image]) -> Floats:
    """The embeddings of reference pictures, [pictures, dimension]."""
    return np.stack([look.prediction.embedding for look in current.see(images)])


def focus(
    classifier: Classifier, image: Image.Image, prediction: Prediction
) -> tuple[float, float]:
    """The middle of where the surest label was seen: across and down, in 0..1.

    A label that is a fact goes before one that only scores higher. Where nothing speaks for it, the
    middle of the picture.
    """
    facts, scores = prediction.facts, prediction.scores
    label = max(scores, key=lambda name: (facts[name] is True, scores[name]))
    evidence = np.maximum(classifier.attention(image, label) - FAINT, 0)
    total = float(evidence.sum())
    if total <= 0:
        return 0.5, 0.5
    height, width = evidence.shape
    across = float(evidence.sum(axis=0) @ (np.arange(width) + 0.5)) / total / width
    down = float(evidence.sum(axis=1) @ (np.arange(height) + 0.5)) / total / height
    return across, down
