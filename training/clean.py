"""Reads the photographs, and leaves out what cannot be learned from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from classifiers import ImageError, ImageLimits, open_image
from classifiers.pixels import to_square
from training.data import Photo

SMALLEST_SIDE = 64
READERS = 2


@dataclass(frozen=True)
class Photos:
    """Photographs that could be read: uint8 [n, size, size, 3] pixels, one entry a photograph.

    ``left_out`` holds one sentence for each photograph that was not used as it lay there;
    ``fingerprint`` is a SHA-256 over the content and the labels of those that were.
    """

    photos: tuple[Photo, ...]
    pixels: NDArray[np.uint8]
    left_out: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class _Read:
    digest: str
    square: NDArray[np.uint8] | None
    trouble: str | None


def read_photos(photos: Sequence[Photo], size: int) -> Photos:
    """Reads each photograph as a square of ``size`` pixels; broken and tiny ones are left out.

    The same bytes twice are one photograph that has the labels of both.
    """
    with ThreadPoolExecutor(READERS) as readers:
        progress = tqdm(
            readers.map(lambda photo: _read(photo, size), photos),
            total=len(photos),
            desc="Reading photographs",
            unit="photo",
        )
        found = list(progress)
    kept: dict[str, Photo] = {}
    squares: dict[str, NDArray[np.uint8]] = {}
    left_out = []
    for photo, read in zip(photos, found, strict=True):
        if read.square is None:
            left_out.append(f"{photo.path}: {read.trouble}")
        elif read.digest in kept:
            first = kept[read.digest]
            left_out.append(_same(first, photo))
            kept[read.digest] = replace(first, labels=first.labels | photo.labels)
        else:
            kept[read.digest] = photo
            squares[read.digest] = read.square
    pixels = np.stack(list(squares.values())) if squares else np.empty((0, size, size, 3), np.uint8)
    return Photos(tuple(kept.values()), pixels, tuple(left_out), _fingerprint(kept))


def _read(photo: Photo, size: int) -> _Read:
    try:
        data = photo.path.read_bytes()
        image = open_image(data, ImageLimits(), at_least=2 * size)
    except OSError as error:
        return _Read("", None, f"cannot be read ({error.strerror}).")
    except ImageError as error:
        return _Read("", None, error.message)
    if min(image.size) < SMALLEST_SIDE:
        return _Read(
            "", None, f"{image.width} x {image.height} pixels are too few ({SMALLEST_SIDE} needed)."
        )
    return _Read(hashlib.sha256(data).hexdigest(), to_square(image, size), None)


def _same(first: Photo, second: Photo) -> str:
    if second.labels == first.labels:
        return f"{second.path}: the same photograph as {first.path}."
    return (
        f"{second.path}: the same photograph as {first.path} under another label; "
        "taken once, with the labels of both."
    )


def _fingerprint(kept: dict[str, Photo]) -> str:
    lines = sorted(f"{digest} {'|'.join(sorted(p.labels))}" for digest, p in kept.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
