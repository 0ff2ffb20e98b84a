"""Posts of one photograph and four hashtags, sent as fast as they are taken."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from PIL import Image

from benchmarks.serving.posts.running import Running
from tests.service.receiver import answer

LONGER_PIXELS = 1080
TAGS = ("카페", "ootd", "바다", "일상")
SENDERS = 3
PATIENCE_SECONDS = 600.0
PENDING = "SELECT count(*) FROM posts WHERE state = 'pending'"
OWED = "SELECT (SELECT count(*) FROM deliveries WHERE state = 'pending') + count(*) FROM unplaced"


def photographs(folder: Path, count: int) -> list[bytes]:
    """JPEGs 1,080 pixels long of so many photographs below a folder, spread over all of them."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"})
    if not files:
        raise SystemExit(f"{folder} holds no JPEG.")
    step = max(1, len(files) // count)
    return [_jpeg(path) for path in files[::step][:count]]


def _jpeg(path: Path) -> bytes:
    image = Image.open(path).convert("RGB")
    larger = LONGER_PIXELS / max(image.size)
    size = max(1, round(image.width * larger)), max(1, round(image.height * larger))
    buffer = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


class ImageHost:
    """Serves ``/<number>``: bytes that no other number has, by a JPEG comment."""

    def __init__(self, jpegs: Sequence[bytes]) -> None:
        self._jpegs = jpegs

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one GET."""
        number = int(request.path.strip("/"))
        data, note = self._jpegs[number % len(self._jpegs)], f"post {number}".encode()
        comment = b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note
        answer(request, 200, data[:2] + comment + data[2:])


@dataclass(frozen=True)
class Round:
    """One round: posts, and seconds from the first webhook to the last commit."""

    posts: int
    seconds: float

    @property
    def posts_a_second(self) -> float:
        """Posts decided a second."""
        return self.posts / self.seconds


def send(service: Running, images_url: str, first: int, count: int) -> Round:
    """Sends posts numbered from ``first``, and waits until all of them are decided."""

    def one(numbers: range) -> None:
        with service.client() as client:
            for number in numbers:
                client.send(_post(number, f"{images_url}/{number}"))

    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        parts = [range(first + at, first + count, SENDERS) for at in range(SENDERS)]
        for _ in pool.map(one, parts):
            pass
    while service.number(PENDING):
        if time.perf_counter() - began > PATIENCE_SECONDS:
            raise SystemExit(f"{service.name} did not decide {count} posts in time.")
        time.sleep(0.05)
    return Round(count, time.perf_counter() - began)


def rest(service: Running) -> None:
    """Waits until nothing is left to do that was put off: callbacks, campaigns."""
    end = time.perf_counter() + PATIENCE_SECONDS
    while service.number(OWED) and time.perf_counter() < end:
        time.sleep(0.1)


def _post(number: int, url: str) -> dict[str, object]:
    return {
        "id": f"p-{number}",
        "revision": 1,
        "author": {"id": f"u-{number % 500}"},
        "caption": f"caption {number}",
        "hashtags": list(TAGS),
        "created_at": datetime.now(UTC).isoformat(),
        "images": [{"url": url}],
    }
