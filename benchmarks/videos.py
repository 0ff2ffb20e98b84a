"""The cost of decoding videos: `python -m benchmarks.videos FILE_OR_FOLDER…`.

Each file is looked at as screening does, in a process of its own. Prints, for each, how long it is,
its frames and their size by its header, the frames that were kept, the processor's seconds and the
most memory that the process took above what it took before the file.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path

import av

from service.screening.pictures import LEAST_PIXELS
from videos import VideoLimits, Wish

WISH = Wish(frames=12, shown=1280, looked_at=LEAST_PIXELS)
SECONDS = 300.0


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.videos")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    print("| file | seconds | frames | size | kept | processor, s | frames/s | memory, MB |")
    print("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    for file in _files(parser.parse_args().files):
        print(_measured(file), flush=True)


def _files(given: Sequence[Path]) -> Iterator[Path]:
    for path in given:
        yield from sorted(path.iterdir()) if path.is_dir() else (path,)


def _measured(file: Path) -> str:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_look, args=(there, file))
    process.start()
    line: str = here.recv()
    process.join()
    return line


def _look(answer: Connection, file: Path) -> None:
    from videos.watch import watch  # FFmpeg is loaded in this process alone

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    limits = asdict(VideoLimits(max_bytes=2**40, max_seconds=2**20))
    options = {"path": str(file), "limits": limits, "wish": asdict(WISH), "seconds": SECONDS}
    found, _ = watch(options, b"")
    spent = time.process_time() - start
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if "error" in found:
        answer.send(f"| {file.name} | | | {found['error'][0]} | | {spent:.2f} | | {memory:.0f} |")
        return
    with av.open(str(file)) as container:
        stream = container.streams.video[0]
        count = stream.frames or round(found["seconds"] * float(stream.average_rate or 0))
        size = f"{stream.width} x {stream.height}"
    answer.send(
        f"| {file.name} | {found['seconds']:.1f} | {count} | {size} | {len(found['frames'])} | "
        f"{spent:.2f} | {count / spent:.0f} | {memory:.0f} |"
    )


if __name__ == "__main__":
    main()
