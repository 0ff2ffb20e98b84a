"""What the bundle that ships sees in posters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from classifiers import Bundle, Classifier
from pictures import reduced
from service.config import ROOT
from service.screening.pictures import LEAST_PIXELS

AT_ONCE = 16


def embeddings(posters: Sequence[Path]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """The embedding of each poster, [posters, dimension]."""
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), 1)
    found = []
    for start in range(0, len(posters), AT_ONCE):
        images = [_opened(path) for path in posters[start : start + AT_ONCE]]
        found += [seen.embedding for seen in classifier.predict(images)]
        print(f"\r{len(found)} of {len(posters)} posters", end="", flush=True)
    print()
    return np.array(found, np.float32)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return reduced(image.convert("RGB"), LEAST_PIXELS)
