"""The photographs that everything here is measured with."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifiers import Bundle
from classifiers.pixels import to_square
from pictures import ImageLimits, open_image

SIDE = 3024  # the shorter side of a twelve-megapixel photograph in pixels


def read(folder: Path, at_most: int) -> list[Image.Image]:
    """The folder's photographs, upright."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".png"})
    if not files:
        raise SystemExit(f"{folder} holds no .jpg and no .png file.")
    return [open_image(path.read_bytes(), ImageLimits()) for path in files[:at_most]]


def scaled(images: list[Image.Image], bundle: Bundle) -> NDArray[np.float32]:
    """What a bundle's network takes: float32 [n, size, size, 3]."""
    preprocessing = bundle.manifest.preprocessing
    squares = np.stack([to_square(image, preprocessing.size) for image in images])
    return (squares * preprocessing.scale + preprocessing.offset).astype(np.float32)


def quarters(image: Image.Image) -> list[Image.Image]:
    """The four corners of a photograph, each half as wide and high."""
    wide, high = image.width // 2, image.height // 2
    corners = itertools.product((0, image.width - wide), (0, image.height - high))
    return [image.crop((left, top, left + wide, top + high)) for left, top in corners]


def as_from_a_phone(image: Image.Image) -> bytes:
    """A JPEG of the photograph enlarged to what phones take."""
    larger = SIDE / min(image.size)
    size = round(image.width * larger), round(image.height * larger)
    buffer = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
