"""``python -m benchmarks.pictures``: the cost of decoding hostile and ordinary photographs.

Before: decoded in the process itself, whole, with a limit of pixels only (as the service did until
November 2026). After: in a sandboxed process, by ``pictures.renderer``. Peak memory is that of the
process that decodes, above what it had at rest.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psutil
from PIL import Image, ImageOps

from benchmarks import hostile
from pictures import ImageError, ImageLimits
from pictures.renderer import Renderer
from service.screening.pictures import LEAST_PIXELS

ROOT = Path(__file__).resolve().parent.parent
SHOWN, LOOKED_AT = 1280, LEAST_PIXELS
SECONDS = 10.0
LONGEST = 120.0  # before there was no limit
ORDINARY = 40


def in_process(data: bytes) -> str:
    """What the service did before: the whole image as RGB, then two copies."""
    image: Image.Image = Image.open(io.BytesIO(data))
    if image.width * image.height > ImageLimits().max_pixels:
        return "too_many_pixels"
    if image.format == "JPEG":
        image.draft("RGB", (SHOWN, SHOWN))
    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode == "P" or image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    rgb = image.convert("RGB")
    rgb.thumbnail((SHOWN, SHOWN), reducing_gap=2.0)
    rgb.save(io.BytesIO(), "JPEG", quality=85, optimize=True)
    rgb.thumbnail((LOOKED_AT, LOOKED_AT), reducing_gap=2.0)
    return "read"


def watched(act: Callable[[], str]) -> tuple[str, float, int]:
    """What came of it, in how many seconds, and the peak of its children in megabytes."""
    peak, rest, done = 0, _children(), threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.01):
            peak = max(peak, _children())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    try:
        result = act()
    finally:
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return result, seconds, max(peak - rest, 0) >> 20


def _children() -> int:
    total = 0
    for child in psutil.Process().children():
        try:
            total += int(child.memory_info().rss)
        except psutil.Error:  # it ended meanwhile
            continue
    return total


def before(data: bytes) -> str:
    """One photograph in a process that does nothing else, so that its memory is its own."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.pictures", "--decode"],
            input=data,
            cwd=ROOT,
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {LONGEST:g} s"
    return done.stdout.decode().strip() or "failed"


def after(renderer: Renderer, data: bytes) -> str:
    """The same by the service."""
    try:
        renderer.render(data, shown=SHOWN, looked_at=LOOKED_AT, seconds=SECONDS)
    except ImageError as error:
        return error.code
    return "read"


def ordinary() -> list[bytes]:
    """Photographs of the demo, 1,080 pixels wide, as JPEG."""
    found = []
    for file in sorted((ROOT / "demo" / "photos").glob("*.jpg")):
        with Image.open(file) as image:
            rgb = image.convert("RGB").resize((1080, 1080 * image.height // image.width))
        buffer = io.BytesIO()
        rgb.save(buffer, "JPEG", quality=90)
        found.append(buffer.getvalue())
    return [found[number % len(found)] for number in range(ORDINARY)]


def processor(decode: Callable[[bytes], str], threads: int) -> float:
    """Milliseconds of processor that an ordinary photograph takes, here and in the children."""
    photographs = ordinary()
    decode(photographs[0])
    start = _processor_seconds()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(decode, photographs))
    return 1000 * (_processor_seconds() - start) / len(photographs)


def _processor_seconds() -> float:
    here = psutil.Process()
    times = [process.cpu_times() for process in (here, *here.children())]
    return float(sum(one.user + one.system for one in times))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decode", action="store_true", help="standard input, in this process")
    if parser.parse_args().decode:
        Image.MAX_IMAGE_PIXELS = None
        print(in_process(sys.stdin.buffer.read()))
        return
    renderer = Renderer(ImageLimits(), processes=2)

    def now(data: bytes) -> str:
        return after(renderer, data)

    now(hostile.png(90, 60))
    print("| picture | bytes | before: s | MB | | after: s | MB | |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: | --- |")
    for name, make in hostile.KINDS.items():
        data = make()
        cells = [name, f"{len(data):,}"]
        for decode in (before, now):
            result, seconds, megabytes = watched(partial(decode, data))
            cells += [f"{seconds:.1f}", f"{megabytes:,}", result]
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"\nMilliseconds of processor for each of {ORDINARY} photographs of 1,080 pixels:")
    print("| threads | before | after |\n| ---: | ---: | ---: |")
    for threads in (1, 8):
        print(
            f"| {threads} | {processor(in_process, threads):.0f} | {processor(now, threads):.0f} |"
        )
    renderer.close()


if __name__ == "__main__":
    main()
