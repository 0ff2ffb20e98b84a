"""The photographs of a batch, fetched and decoded side by side."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from pictures import ImageError
from service.config import Config
from service.operations.metrics import IMAGE_ERRORS, STAGE_SECONDS
from service.screening.fetch import FetchError, fetch
from service.screening.pictures import Picture, open_picture

AT_ONCE = 8


@dataclass(frozen=True)
class Source:
    """Where one photograph comes from: bytes that were sent, or a URL."""

    image_id: int
    url: str | None
    data: bytes | None


@dataclass(frozen=True)
class Unreadable:
    """Why a photograph could not be had or read."""

    code: str
    message: str


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure the seconds of one stage."""
    start = time.perf_counter()
    try:
        yield
    finally:
        STAGE_SECONDS.labels(name).observe(time.perf_counter() - start)


def gather(sources: Sequence[Source], config: Config) -> dict[int, Picture | Unreadable]:
    """Fetch and decode photographs, each on its own: one that fails leaves the others alone."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = pool.map(lambda source: _one(source, config), sources)
        return {source.image_id: got for source, got in zip(sources, found, strict=True)}


def _one(source: Source, config: Config) -> Picture | Unreadable:
    try:
        data = source.data
        if data is None:
            with stage("fetch"):
                data = fetch(source.url or "", config)
        with stage("decode"):
            return open_picture(data, config)
    except (FetchError, ImageError) as error:
        IMAGE_ERRORS.labels(error.code).inc()
        return Unreadable(error.code, error.message)
