"""Memory of the web processes while large uploads arrive.

    python -m benchmarks.uploads [--megabytes 200] [--together 4]

A real web server, PostgreSQL and Redis. Each upload is put with the client that platforms copy;
printed is what the web processes take more than before, together.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.webserver import WebServer, start
from clients.tagsift_client import Tagsift

MP4 = b"\0\0\0\x18ftypisom"


def main() -> None:
    """Upload files and print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--together", type=int, default=4)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="tagsift-")))
        web = start(folder, stack)
        _upload(web, _file(folder, 1))  # loads what any upload needs
        large = _file(folder, asked.megabytes)
        for count in (1, asked.together):
            before, began = _memory(web), time.monotonic()
            with ThreadPoolExecutor(count) as pool:
                put = [pool.submit(_upload, web, large) for _ in range(count)]
                highest = before
                while not all(one.done() for one in put):
                    highest = max(highest, _memory(web))
                    time.sleep(0.005)
            for one in put:
                one.result()
            seconds = time.monotonic() - began
            print(
                f"{count} of {asked.megabytes} MB at once: {(highest - before) / 2**20:.1f} MB "
                f"of memory in both web processes, {seconds:.1f} s"
            )


def _file(folder: Path, megabytes: int) -> Path:
    path = folder / f"{megabytes}.mp4"
    with path.open("wb") as file:
        file.write(MP4.ljust(2**20, b"\0"))
        for _ in range(megabytes - 1):
            file.write(os.urandom(2**20))
    return path


def _upload(web: WebServer, file: Path) -> None:
    with Tagsift(web.url, web.secret, web.api_key) as tagsift:
        tagsift.upload(file)


def _memory(web: WebServer) -> int:
    """Bytes of all web processes."""
    return sum(child.memory_info().rss for child in psutil.Process(web.pid).children())


if __name__ == "__main__":
    main()
