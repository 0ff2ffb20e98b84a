"""Reads the photographs, and leaves out what cannot be learned from."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from classifiers import ImageError, ImageLimits, open_image
from classifiers.pixels import to_square
from training.photo import Photo

SMALLEST_SIDE = 64
READERS = 2
AHEAD = 32


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
    image: Image.Image | None
    trouble: str = ""


def read_photos(photos: Sequence[Photo], size: int) -> Photos:
    """Reads each photograph as a square of ``size`` pixels; broken and tiny ones are left out.

    The same bytes twice are one photograph that has the labels of both.
    """
    kept: dict[str, Photo] = {}
    squares: list[NDArray[np.uint8]] = []
    left_out = []
    for photo, read in _read_all(photos, size):
        if read.image is None:
            left_out.append(f"{photo.path}: {read.trouble}")
        elif read.digest in kept:
            first = kept[read.digest]
            left_out.append(_same(first, photo))
            kept[read.digest] = replace(first, labels=first.labels | photo.labels)
        else:
            kept[read.digest] = photo
            squares.append(to_square(read.image, size))
    pixels = np.stack(squares) if squares else np.empty((0, size, size, 3), np.uint8)
    return Photos(tuple(kept.values()), pixels, tuple(left_out), _fingerprint(kept))


def each_image(
    photos: Sequence[Photo], size: int
) -> Iterator[tuple[Photo, Image.Image | None, str]]:
    """Each photograph with its image, or with what was wrong with it."""
    for photo, read in _read_all(photos, size):
        yield photo, read.image, read.trouble


def _read_all(photos: Sequence[Photo], size: int) -> Iterator[tuple[Photo, _Read]]:
    """Reads in the background, a few ahead, so that decoded images do not pile up in memory."""
    with ThreadPoolExecutor(READERS) as readers:
        ahead: deque[tuple[Photo, Future[_Read]]] = deque()
        for photo in tqdm(photos, desc="Photographs", unit="photo"):
            ahead.append((photo, readers.submit(_read, photo, size)))
            if len(ahead) > AHEAD:
                first, future = ahead.popleft()
                yield first, future.result()
        for first, future in ahead:
            yield first, future.result()


def _read(photo: Photo, size: int) -> _Read:
    try:
        data = photo.path.read_bytes()
        image = open_image(data, ImageLimits(), at_least=2 * size)
    except OSError as error:
        return _Read("", None, f"it cannot be read ({error.strerror}).")
    except ImageError as error:
        return _Read("", None, error.message)
    if min(image.size) < SMALLEST_SIDE:
        sides = f"{image.width} x {image.height}"
        return _Read("", None, f"{sides} pixels are too few ({SMALLEST_SIDE} a side are needed).")
    return _Read(hashlib.sha256(data).hexdigest(), image)


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
