"""The embedding of a photograph that is searched for and not stored."""

from __future__ import annotations

import time
from threading import BoundedSemaphore

import numpy as np

from service.config import Config
from service.parts import Parts
from service.screening.fetch import fetch
from service.screening.pictures import look_pixels, open_picture
from similarity.duplicates import Floats

AT_ONCE = 4  # photographs of strangers that one web process fetches and decodes for a search
MOST_SECONDS = 20.0  # for fetching and decoding together

_places = BoundedSemaphore(AT_ONCE)


class BusyError(Exception):
    """As many photographs are being looked at as this process takes."""


def embed(parts: Parts, source: str | bytes) -> tuple[Floats, str]:
    """Look at one photograph, of which nothing is kept. No transaction may be open meanwhile.

    Args:
        source: its URL, or the file's bytes.

    Returns:
        its embedding, [1, dimension], and what made it.

    Raises:
        FetchError, ImageError: it cannot be had or read.
        BusyError: too many others are being looked at.
    """
    end = time.monotonic() + MOST_SECONDS
    if not _places.acquire(blocking=False):
        raise BusyError
    try:
        data = source if isinstance(source, bytes) else fetch(source, _in_time(parts.config, end))
        current = parts.screener.current()
        seconds = max(end - time.monotonic(), 0.001)
        picture = open_picture(data, parts.config, look_pixels(current.bundle), seconds)
        (seen,) = current.see([picture.image])
    finally:
        _places.release()
    return np.array([seen.prediction.embedding], np.float32), current.bundle.embedding_id


def _in_time(config: Config, end: float) -> Config:
    left = min(config.fetch_seconds, end - time.monotonic())
    return config.model_copy(update={"fetch_seconds": left})
