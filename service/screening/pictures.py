"""From a photograph's bytes to the image that is looked at and the copy that is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from threading import Lock

from PIL.Image import Image

from classifiers import Bundle
from pictures import ImageLimits
from pictures.renderer import Renderer
from service.config import Config

LEAST_PIXELS = 320  # at which lines of a menu can still be told (service/menus/lettering.py)


@dataclass(frozen=True)
class Picture:
    """A decoded photograph: a small RGB image to look at, the SHA-256 of the original's bytes, and
    a JPEG without EXIF, ``width`` by ``height`` pixels, to show."""

    image: Image
    sha256: str
    derivative: bytes
    width: int
    height: int


def look_pixels(bundle: Bundle) -> int:
    """The least shorter side, in pixels, of what the bundle's network is handed of a photograph;
    one that is smaller stays as it is."""
    return max(LEAST_PIXELS, bundle.input_pixels)


def open_picture(
    data: bytes, config: Config, looked_at: int, seconds: float | None = None
) -> Picture:
    """Decode untrusted bytes, in a process of its own.

    Args:
        data: the file.
        config: the limits, and the size of the copy.
        looked_at: from ``look_pixels``.
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
        looked_at=looked_at,
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
