"""Distinct photographs with known scores: views of the demo's photographs."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from classifiers import Bundle, Classifier
from pictures import ImageLimits, open_image

DEMO = Path(__file__).resolve().parents[2] / "demo" / "photos"
SIDE_PIXELS = 320


@dataclass(frozen=True)
class Photograph:
    """JPEG bytes, and the score of each label that the bundle gives them when it looks at nothing
    else."""

    data: bytes
    scores: Mapping[str, float]


def make(count: int, bundle: Path) -> list[Photograph]:
    """``count`` distinct views (random crops) of the demo's photographs with their scores."""
    classifier = Classifier(Bundle.load(bundle))
    sources = [Image.open(path).convert("RGB") for path in sorted(DEMO.glob("*.jpg"))]
    random = np.random.default_rng(0)
    made = []
    for number in range(count):
        data = _view(sources[number % len(sources)], random)
        image = open_image(data, ImageLimits())
        made.append(Photograph(data, classifier.predict([image])[0].scores))
    return made


def unique(photograph: Photograph, number: int) -> tuple[bytes, str]:
    """The same pixels in bytes that no other post has, by a JPEG comment; and their SHA-256."""
    note = f"chaos {number}".encode()
    comment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
    data = photograph.data[:2] + comment + photograph.data[2:]
    return data, hashlib.sha256(data).hexdigest()


def _view(source: Image.Image, random: np.random.Generator) -> bytes:
    side = int(min(source.size) * random.uniform(0.5, 1.0))
    left = int(random.integers(0, source.width - side + 1))
    top = int(random.integers(0, source.height - side + 1))
    view = source.crop((left, top, left + side, top + side)).resize((SIDE_PIXELS, SIDE_PIXELS))
    buffer = io.BytesIO()
    view.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
