"""How slow receivers of callbacks affect screening: `python -m benchmarks.receivers --posts 30`.

For each kind of receiver a service of its own: how many posts it decides in a second while the
receiver behaves like that, and how much memory the largest worker process takes at most.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np
import psutil
from PIL import Image
from sqlalchemy import Engine, text

from service.database import connected
from service.runner import environment
from service.runner.engines import free_port
from service.signing import BytesWebhook, as_text
from tests.service.rawserver import Talk, read_request, serve_raw

POLL_SECONDS = 0.1
OK = b"HTTP/1.1 200 OK\r\n"
ZEROS = gzip.compress(b"\0" * 2**24)


@dataclass(frozen=True)
class Result:
    """What was measured beside one kind of receiver."""

    kind: str
    decided: int
    seconds: float
    worker_mb: float

    @property
    def rate(self) -> float:
        """Posts decided in a second."""
        return self.decided / self.seconds


def answering(answer: bytes, more: bytes = b"", every: float = 0, times: int = 0) -> Talk:
    """Answers at once, and then says ``more`` so often."""

    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)
        for _ in range(times):
            connection.sendall(more)
            time.sleep(every)

    return talk


def slowly(connection: socket.socket) -> None:
    """Answers well after a second."""
    read_request(connection)
    time.sleep(1)
    connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


def hang(connection: socket.socket) -> None:
    """Takes the callback, and says nothing."""
    read_request(connection)
    time.sleep(600)


KINDS: Mapping[str, Talk] = {
    "answers 204": answering(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"),
    "answers 200, slowly": slowly,
    "500": answering(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n"),
    "redirect": answering(b"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "garbage": answering(b"\x00\xff what?\r\n\r\n"),
    "`Retry-After: ²`": answering(
        "HTTP/1.1 503 X\r\nRetry-After: ²\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
    ),
    "a gzip bomb": answering(
        OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n", ZEROS, times=300
    ),
    "2 GB of body": answering(OK + b"Content-Length: 2147483648\r\n\r\n", b"x" * 2**20, times=2048),
    "hangs": hang,
    "drips its answer": answering(b"HTTP/1.1 200 O", b"K", 0.5, 1200),
}


def measure(kind: str, posts: int, patience_seconds: float) -> Result:
    """Send posts to a service whose platform behaves like that, and wait until all are decided."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve_raw(KINDS[kind]) as url,
        _service(Path(folder) / "data", url) as values,
        connected(values["DATABASE_URL"]) as engine,
    ):
        _send(values, posts)  # the first post waits until the network is loaded
        _until(lambda: _decided(engine) == 1, 180)
        with _peak() as peak, ThreadPoolExecutor(4) as senders:
            began = time.monotonic()
            list(senders.map(lambda number: _send(values, number), range(posts)))
            _until(lambda: _decided(engine) == posts + 1, patience_seconds)
            seconds, decided = time.monotonic() - began, _decided(engine) - 1
            time.sleep(5)  # what the last callbacks do to memory
    return Result(kind, decided, seconds, max(peak, default=0) / 2**20)


@contextmanager
def _service(folder: Path, callback_url: str) -> Iterator[Mapping[str, str]]:
    """The whole service in a folder of its own; yields its settings."""
    own = {
        "TAGSIFT_DATA": str(folder),
        "TAGSIFT_PORT": str(free_port()),
        "TAGSIFT_CALLBACK_URL": callback_url,
        "TAGSIFT_DEMO": "0",
    }
    command = [sys.executable, "-m", "service", "run"]
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.DEVNULL) as process:  # noqa: S603  # ours
        try:
            _until(lambda: _is_ready(own["TAGSIFT_PORT"]), 300)
            lines = (folder / environment.FILE).read_text(encoding="utf-8").splitlines()
            yield dict(line.split("=", 1) for line in lines if "=" in line) | own
        finally:
            process.terminate()


def _is_ready(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).is_success
    except httpx.TransportError:
        return False


def _send(values: Mapping[str, str], number: int) -> None:
    """Send one post with a photograph of its own."""
    pixels = np.random.default_rng(number).integers(0, 255, (12, 16, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((160, 120)).save(buffer, "JPEG")
    post = {
        "id": f"post-{number}",
        "author": {"id": "u-1"},
        "hashtags": ["카페", "ootd", "바다"],
        "created_at": datetime.now(UTC).isoformat(),
        "images": [{"base64": base64.b64encode(buffer.getvalue()).decode()}],
    }
    body, now, name = json.dumps(post).encode(), datetime.now(UTC), f"msg_{uuid.uuid4().hex}"
    webhook = BytesWebhook(values["TAGSIFT_WEBHOOK_SECRETS"].split(",")[0])
    headers = {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(name, now, as_text(body)),
    }
    url = f"http://127.0.0.1:{values['TAGSIFT_PORT']}/v1/posts"
    httpx.post(url, content=body, headers=headers, timeout=60).raise_for_status()


def _until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.2)


def _decided(engine: Engine) -> int:
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM posts WHERE state = 'decided'")
        return int(connection.execute(query).scalar_one())


@contextmanager
def _peak() -> Iterator[list[int]]:
    """The largest resident set of a Celery process, looked at again and again."""
    seen: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(POLL_SECONDS):
            seen.append(max(map(_resident, psutil.Process().children(recursive=True)), default=0))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield seen
    finally:
        over.set()
        watching.join()


def _resident(process: psutil.Process) -> int:
    try:
        is_worker = any("celery" in word for word in process.cmdline())
        return int(process.memory_info().rss) if is_worker else 0
    except psutil.Error:
        return 0


def main() -> None:
    """Measure every kind, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=30)
    parser.add_argument("--patience", type=float, default=120, help="seconds for all to be decided")
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    chosen = parser.parse_args()
    print("| the receiver | posts/s | of the first | decided | MB |", flush=True)
    print("| --- | ---: | ---: | ---: | ---: |", flush=True)
    first = 0.0
    for kind in chosen.kinds:
        result = measure(kind, chosen.posts, chosen.patience)
        first = first or result.rate
        print(
            f"| {kind} | {result.rate:.1f} | {result.rate / first:.2f} "
            f"| {result.decided} of {chosen.posts} | {result.worker_mb:,.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
