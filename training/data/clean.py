"""Reads the photographs, and leaves out what cannot be learned from."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from classifiers.pixels import to_square
from pictures import ImageError, ImageLimits, open_image
from training.data.photo import Photo

SMALLEST_SIDE = 64
# Below this a long, narrow photograph would be made smaller before its sides are judged.
LEAST_DECODED = 640
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
class Read:
    """A file as it was read; ``image`` is None where there is ``trouble``, or where the content was
    known before and did not need decoding."""

    digest: str
    image: Image.Image | None
    trouble: str = ""


class CleanPhotos:
    """Photographs as they are read: each content once, and a sentence for each left out."""

    def __init__(self) -> None:
        self.photos: dict[str, Photo] = {}
        self.left_out: list[str] = []

    def take(self, photo: Photo, read: Read) -> bool:
        """Adds a photograph. Returns whether its content is new.

        Where it is not, the photograph that has the content gets the labels of both.
        """
        if read.trouble:
            self.left_out.append(f"{photo.path}: {read.trouble}")
            return False
        first = self.photos.get(read.digest)
        if first is None:
            self.photos[read.digest] = photo
            return True
        self.left_out.append(_same(first, photo))
        labels = first.labels | photo.labels
        self.photos[read.digest] = replace(
            first,
            labels=labels,
            absent=(first.absent | photo.absent) - labels,
            unknown=(first.unknown & photo.unknown) - labels,
        )
        return False

    def fingerprint(self) -> str:
        """SHA-256 over the content and the labels of all photographs."""
        lines = sorted(f"{d} {'|'.join(sorted(p.labels))}" for d, p in self.photos.items())
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_photos(photos: Sequence[Photo], size: int) -> Photos:
    """Reads each photograph as a square of ``size`` pixels; broken and tiny ones are left out.

    The same bytes twice are one photograph that has the labels of both.
    """
    kept = CleanPhotos()
    squares: list[NDArray[np.uint8]] = []
    for photo, read in read_each(photos, size):
        if kept.take(photo, read) and read.image is not None:
            squares.append(to_square(read.image, size))
    pixels = np.stack(squares) if squares else np.empty((0, size, size, 3), np.uint8)
    return Photos(tuple(kept.photos.values()), pixels, tuple(kept.left_out), kept.fingerprint())


def each_image(
    photos: Sequence[Photo], size: int
) -> Iterator[tuple[Photo, Image.Image | None, str]]:
    """Each photograph with its image, or with what was wrong with it."""
    for photo, read in read_each(photos, size):
        yield photo, read.image, read.trouble


def read_each(
    photos: Sequence[Photo], size: int, known: Container[str] = frozenset()
) -> Iterator[tuple[Photo, Read]]:
    """Reads in the background, a few ahead, so that decoded images do not pile up in memory.

    Content whose SHA-256 is in ``known`` is not decoded.
    """
    with ThreadPoolExecutor(READERS) as readers:
        ahead: deque[tuple[Photo, Future[Read]]] = deque()
        for photo in tqdm(photos, desc="Photographs", unit="photo"):
            ahead.append((photo, readers.submit(_read, photo, size, known)))
            if len(ahead) > AHEAD:
                first, future = ahead.popleft()
                yield first, future.result()
        for first, future in ahead:
            yield first, future.result()


def _read(photo: Photo, size: int, known: Container[str]) -> Read:
    try:
        data = photo.path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest in known:
            return Read(digest, None)
        image = open_image(data, ImageLimits(), at_least=max(2 * size, LEAST_DECODED))
    except OSError as error:
        return Read("", None, f"it cannot be read ({error.strerror}).")
    except ValueError as error:  # the name has a NUL
        return Read("", None, f"it cannot be read ({error}).")
    except ImageError as error:
        return Read("", None, error.message)
    if min(image.size) < SMALLEST_SIDE:
        sides = f"{image.width} x {image.height}"
        return Read("", None, f"{sides} pixels are too few ({SMALLEST_SIDE} a side are needed).")
    return Read(digest, image)


def _same(first: Photo, second: Photo) -> str:
    if second.labels == first.labels:
        return f"{second.path}: the same photograph as {first.path}."
    return (
        f"{second.path}: the same photograph as {first.path} under another label; "
        "taken once, with the labels of both."
    )
