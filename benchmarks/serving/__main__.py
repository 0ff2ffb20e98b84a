"""How fast, how exactly and in what memory the starter bundle is served.

The same network runs through each runtime on the same photographs in one run; a real worker is
started and looks at them too. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

from benchmarks.serving.looking import agreement, decoding, predictions, speeds
from benchmarks.serving.photographs import read, scaled
from benchmarks.serving.reducing import reducing
from benchmarks.serving.runtimes import BASELINE, SERVED, runtimes
from benchmarks.serving.worker import measure
from classifiers import Bundle, Classifier
from pictures import ImageError

ROOT = Path(__file__).resolve().parents[2]
IMAGES = 64
KEPT = 1280  # TAGSIFT_DERIVATIVE_PIXELS as it is when nobody sets it: what the service decodes to
LARGE = 8  # photographs of twelve megapixels


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving", description=__doc__)
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=ROOT / "demo" / "photos",
        help="photographs to measure with (default: those of the demo)",
    )
    parser.add_argument("--threads", type=int, default=2, help="of the network (default: 2)")
    parser.add_argument(
        "--only", choices=("worker", "decoding", "reducing", "runtimes"), help="measure one of them"
    )
    chosen = parser.parse_args()
    try:
        images = read(chosen.folder, IMAGES)
    except (OSError, ImageError) as error:
        parser.error(f"The photographs in {chosen.folder} cannot be read: {error}")
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), chosen.threads)
    if chosen.only in {None, "worker"}:
        print_worker(images)
    if chosen.only in {None, "decoding"}:
        print_decoding(images[:LARGE], classifier)
    if chosen.only in {None, "reducing"}:
        print_reducing(images, classifier)
    if chosen.only in {None, "runtimes"}:
        print_runtimes(images, classifier, chosen.threads)


def print_runtimes(images: list[Image.Image], classifier: Classifier, threads: int) -> None:
    """A row for each runtime."""
    bundle = classifier.bundle
    networks = runtimes(bundle, threads)
    pixels = scaled(images, bundle)
    served = predictions(classifier, networks[SERVED], pixels)
    found = speeds(networks, pixels, IMAGES)
    print(f"\n{len(images)} photographs, {IMAGES} images a round, {threads} threads:\n")
    print(
        f"| runtime | images/s | times {BASELINE} | processor ms/image | smallest cosine"
        f" | largest difference | facts that change |\n| --- |{' ---: |' * 6}"
    )
    for name, speed in found.items():
        same = agreement(served, predictions(classifier, networks[name], pixels))
        print(
            f"| {name} | {speed.images_a_second:.0f}"
            f" | {speed.images_a_second / found[BASELINE].images_a_second:.1f}"
            f" | {speed.processor_ms:.0f} | {same.smallest_cosine:.5f} |"
            f" {same.largest_difference:.1e} | {same.facts_changed} of {same.facts} |"
        )


def print_decoding(images: list[Image.Image], classifier: Classifier) -> None:
    """A row for each size that JPEGs are decoded to."""
    size = 2 * classifier.bundle.manifest.preprocessing.size
    found = decoding(images, classifier, (KEPT, size))
    print(f"\n{len(images)} JPEGs of twelve megapixels or more:\n")
    print(
        "| both sides at least | photographs/s and thread | times whole | smallest cosine"
        " | facts that change |\n| --- | ---: | ---: | ---: | ---: |"
    )
    print(f"| whole | {found.whole:.1f} | 1.0 | | |")
    for side, rate in found.at_size.items():
        same = found.agreements[side]
        print(
            f"| {side} pixels | {rate:.1f} | {rate / found.whole:.1f} | {same.smallest_cosine:.5f}"
            f" | {same.facts_changed} of {same.facts} |"
        )


def print_reducing(images: list[Image.Image], classifier: Classifier) -> None:
    """A row for each shape and each way of making photographs smaller."""
    print(f"\n{len(images)} photographs of 1,080 pixels, made smaller for the network:\n")
    print("| shape | way | smallest cosine | facts that change |\n| --- | --- | ---: | ---: |")
    for shape, way, same in reducing(images, classifier):
        changed = f"{same.facts_changed} of {same.facts}"
        print(f"| {shape} | {way} | {same.smallest_cosine:.4f} | {changed} |")


def print_worker(images: list[Image.Image]) -> None:
    """A row for each stage of a worker's life."""
    found = measure(images, IMAGES)
    print(f"\nA worker was ready after {found.seconds_until_ready:.1f} s.\n")
    print(
        "| MB | processes | largest process, RSS | its share, PSS | all, PSS | worked so far, s |\n"
        f"| --- |{' ---: |' * 5}"
    )
    for name, memory in found.memory.items():
        print(
            f"| {name} | {memory.processes} | {memory.largest:.0f} | {memory.share:.0f}"
            f" | {memory.whole:.0f} | {memory.worked:.1f} |"
        )


if __name__ == "__main__":
    main()
