"""Where a label was seen, laid over the photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from classifiers import Classifier, Prediction
from classifiers.runtime import Floats

LONGEST = 640
HEAT = np.array([255.0, 50.0, 0.0])
STRENGTH = 0.65
# File systems allow 255 bytes a name; three a letter in Korean.
LONGEST_NAME = 60


def overlay(image: Image.Image, seen: Floats, longest: int = LONGEST) -> Image.Image:
    """The RGB image, at most ``longest`` pixels a side, red where ``seen`` [h, w] is near 1.

    All else is grey, so that a red flower is not taken for a place that was seen.
    """
    small = image.convert("L").convert("RGB")
    small.thumbnail((longest, longest))
    heat = Image.fromarray(seen.astype(np.float32)).resize(small.size, Image.Resampling.BICUBIC)
    share = STRENGTH * np.clip(np.asarray(heat), 0, 1)[..., None]
    mixed = np.asarray(small, np.float32) * (1 - share) + HEAT * share
    return Image.fromarray(mixed.astype(np.uint8))


def explain(
    classifier: Classifier, image: Image.Image, prediction: Prediction, stem: str, folder: Path
) -> list[Path]:
    """Writes a class-activation map (JPEG) for each label that is not false, and names the files.

    The folder must exist. Where all labels are false, the one with the highest score is drawn.
    """
    names = [name for name, fact in prediction.facts.items() if fact is not False]
    names = names or [max(prediction.scores, key=lambda name: prediction.scores[name])]
    written = []
    for name in names:
        path = folder / f"{stem[:LONGEST_NAME]}-{name.replace('/', '_')}.jpg"
        overlay(image, classifier.attention(image, name)).save(path, quality=85)
        written.append(path)
    return written
