"""The photographs of a batch, fetched and decoded side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from pictures import ImageError
from service.config import Config
from service.operations.metrics import IMAGE_ERRORS, STAGE_SECONDS
from service.screening.fetch import FetchError, fetch
from service.screening.pictures import Picture, open_picture

AT_ONCE = 24  # most of fetching is waiting; decoding has a limit of its own
READ_AT_ONCE = 4  # connections to the database that one batch takes
SOON_SECONDS = 2.0
SPARE_SECONDS = 5.0


@dataclass(frozen=True)
class Source:
    """Where one photograph comes from: a URL, or, where there is none, bytes that were sent."""

    image_id: int
    url: str | None


@dataclass(frozen=True)
class Unreadable:
    """Why a photograph could not be had or read."""

    code: str
    message: str


@dataclass(frozen=True)
class Failed:
    """An error of ours, or of a part of the service, while a photograph was had or read."""

    error: Exception


Gathered = Picture | Unreadable | Failed
Read = Callable[[int], bytes | None]  # the bytes that were sent, by the photograph's row


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure the seconds of one stage."""
    start = time.perf_counter()
    try:
        yield
    finally:
        STAGE_SECONDS.labels(name).observe(time.perf_counter() - start)


def longest_seconds(photographs: int, config: Config) -> float:
    """How long so many photographs take if each of them takes as long as it may."""
    return (
        math.ceil(photographs / AT_ONCE) * config.fetch_seconds
        + math.ceil(photographs / config.decoders) * config.decode_seconds
        + SPARE_SECONDS
    )


def rounds(seconds: float) -> Iterator[float]:
    """A time in parts, each twice as long as the one before: what is there is looked at soon, and
    still not in many small lots."""
    part = SOON_SECONDS
    while seconds > 0:
        yield min(part, seconds)
        seconds -= part
        part *= 2


def gather(
    sources: Sequence[Source], read: Read, config: Config, looked_at: int
) -> Iterator[Mapping[int, Gathered]]:
    """Fetch and decode photographs, each on its own: one that fails leaves the others alone.

    ``looked_at`` is from ``look_pixels``.

    Yields what is there after a short while, after twice as long again, and so on, so that posts
    do not wait for a slow server that has nothing to do with them. A photograph that keeps to no
    limit is given up from here, outside of its thread.

    Args:
        sources: those first that are to be had first, as no more than ``AT_ONCE`` are begun.
    """
    if not sources:
        return
    # Each may have to wait for all others, and is not to be given up for that.
    most_seconds = longest_seconds(len(sources), config)
    reading = BoundedSemaphore(READ_AT_ONCE)

    def read_some(image_id: int) -> bytes | None:
        with reading:
            return read(image_id)

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="photographs")
    try:
        works = {
            pool.submit(_one, one, read_some, config, looked_at): one.image_id for one in sources
        }
        late = set(works)
        for seconds in rounds(most_seconds):
            had, late = wait(late, timeout=seconds)
            yield _results(works, had)
            if not late:
                return
        slow = Unreadable("timed_out", "The photograph took too long.")
        yield {works[one]: slow for one in late}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _results(
    works: Mapping[Future[Gathered], int], done: set[Future[Gathered]]
) -> dict[int, Gathered]:
    return {works[one]: one.result() for one in done}


def _one(source: Source, read: Read, config: Config, looked_at: int) -> Gathered:
    try:
        if source.url is None:
            data = read(source.image_id) or b""
        else:
            with stage("fetch"):
                data = fetch(source.url, config)
        with stage("decode"):
            return open_picture(data, config, looked_at)
    except (FetchError, ImageError) as error:
        IMAGE_ERRORS.labels(error.code).inc()
        return Unreadable(error.code, error.message)
    except Exception as error:  # whatever it is, it is this photograph's
        return Failed(error)
