"""From a photograph's bytes to the image that is looked at and the copy that is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from threading import Lock

from PIL.Image import Image

from pictures import ImageLimits
from pictures.renderer import Renderer
from service.config import Config

LOOK_PIXELS = 384  # more than the backbone takes in, and a batch of twice that fits into memory


@dataclass(frozen=True)
class Picture:
    """A decoded photograph: a small RGB image to look at, the SHA-256 of the original's bytes, and
    a JPEG without EXIF, ``width`` by ``height`` pixels, to show."""

    image: Image
    sha256: str
    derivative: bytes
    width: int
    height: int


def open_picture(data: bytes, config: Config, seconds: float | None = None) -> Picture:
    """Decode untrusted bytes, in a process of its own.

    Args:
        data: the file.
        config: the limits, and the sizes of the copies.
        seconds: what is left of the time for this photograph; at most ``decode_seconds`` are used,
            and waiting for other photographs does not count.

    Raises:
        ImageError: with the reason.
        sandbox.StartError: no process could be started: nothing was found out about the bytes.
    """
    limit = config.decode_seconds
    rendered = _renderer_for(config).render(
        data,
        shown=config.derivative_pixels,
        looked_at=LOOK_PIXELS,
        seconds=limit if seconds is None else min(limit, seconds),
    )
    return Picture(
        image=rendered.image,
        sha256=hashlib.sha256(data).hexdigest(),
        derivative=rendered.jpeg,
        width=rendered.width,
        height=rendered.height,
    )


def limits_of(config: Config) -> ImageLimits:
    """What one photograph may cost by the settings."""
    return ImageLimits(config.image_bytes, config.image_pixels, config.decode_megabytes * 2**20)


_one_at_a_time = Lock()


def _renderer_for(config: Config) -> Renderer:
    with _one_at_a_time:
        return _renderer(limits_of(config), config.decoders)


@cache
def _renderer(limits: ImageLimits, processes: int) -> Renderer:
    """One for each process: all of its threads together decode no more than this at once."""
    return Renderer(limits, processes)
