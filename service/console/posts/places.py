"""Where in a photograph a label was seen, drawn to be laid over it."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from classifiers import Classifier

COLOUR = (255, 64, 200)  # a hue that photographs rarely have
MOST_OPAQUE = 0.65
FAINT = 0.4  # evidence below this share of the strongest is not drawn: it would veil everything
SHOWN_PIXELS = 480  # the map itself has about ten cells a side


def draw_places(classifier: Classifier, image: Image.Image, label: str) -> bytes:
    """A PNG of the photograph's shape, the more opaque the more a place speaks for the label.

    Raises:
        KeyError: the bundle does not know the label.
    """
    evidence = classifier.attention(image, label)
    scale = SHOWN_PIXELS / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    strength = np.clip((evidence - FAINT) / (1 - FAINT), 0, 1)
    alpha = Image.fromarray((255 * MOST_OPAQUE * strength).astype(np.uint8))
    drawing = Image.new("RGBA", size, COLOUR)
    drawing.putalpha(alpha.resize(size, Image.Resampling.BICUBIC))
    png = io.BytesIO()
    drawing.save(png, "PNG")
    return png.getvalue()
