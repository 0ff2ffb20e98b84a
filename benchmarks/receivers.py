"""What receivers of callbacks do to screening: `python -m benchmarks.receivers --posts 30`.

For each kind of receiver a service of its own: how many posts it decides in a second while the
receiver behaves like that, and how much memory the largest worker process takes at most.
"""

from __future__ import annotations

import argparse
import gzip
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from sqlalchemy import text

from benchmarks.storm import Storm, send
from service.database import connected
from service.runner import environment
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
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(serve_raw(KINDS[kind]))
        storm = Storm(folder / "data", environment.webhook_secret(), url, stack)
        _wait_until_ready(storm)
        send(storm, posts)  # the first post waits until the network is loaded
        _until(lambda: _count(storm, "posts WHERE state = 'decided'") == 1, 180)
        with _peak() as peak, ThreadPoolExecutor(4) as senders:
            began = time.monotonic()
            list(senders.map(lambda number: send(storm, number), range(posts)))
            _until(
                lambda: _count(storm, "posts WHERE state = 'decided'") == posts + 1,
                patience_seconds,
            )
            seconds = time.monotonic() - began
            decided = _count(storm, "posts WHERE state = 'decided'") - 1
            time.sleep(5)  # what the last callbacks do to memory
        return Result(kind, decided, seconds, max(peak, default=0) / 2**20)


def _wait_until_ready(storm: Storm) -> None:
    def ready() -> bool:
        try:
            return httpx.get(f"{storm.base_url}/readyz", timeout=5).is_success
        except httpx.TransportError:
            return False

    _until(ready, 180)


def _until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.2)


def _count(storm: Storm, rows: str) -> int:
    with connected(storm.postgres.url) as engine, engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {rows}")).scalar_one())  # noqa: S608  # our own words


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
        is_worker = "celery" in process.cmdline()
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
