"""How fast the bundle serves: ``python -m benchmarks.serving [FOLDER of images]``.

Measures OpenVINO in float32 and bfloat16 on the same images in one run, and says whether they
agree: the smallest cosine between embeddings, and the facts that change.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from PIL import Image

from classifiers import Bundle, Classifier, ImageLimits, open_image
from classifiers.bundle import NETWORK
from classifiers.pixels import to_square
from classifiers.runtime import embed

ROOT = Path(__file__).resolve().parent.parent
THREADS = 2
IMAGES = 64
ROUNDS = 3
PRECISIONS = ("f32", "bf16")


def main(folder: Path) -> None:
    """Prints a Markdown table."""
    started = time.perf_counter()
    bundle = Bundle.load(ROOT / "models" / "starter")
    classifier = Classifier(bundle, threads=THREADS)
    ready = time.perf_counter() - started
    images = read(folder)
    embeddings = {precision: measure(bundle, images, precision) for precision in PRECISIONS}
    exact = embeddings["f32"][1]
    facts = [prediction.facts for prediction in classifier.classify(exact)]
    print("| precision | images/s | smallest cosine | facts that change |")
    print("| --- | ---: | ---: | ---: |")
    for precision, (rate, found) in embeddings.items():
        cosine = (found * exact).sum(axis=1).min()
        changed = sum(
            one[name] is not other.facts[name]
            for one, other in zip(facts, classifier.classify(found), strict=True)
            for name in one
        )
        of_all = f"{changed} of {len(facts) * len(facts[0])}"
        print(f"| {precision} | {rate:.0f} | {cosine:.5f} | {of_all} |")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{THREADS} threads, {IMAGES} images; loaded in {ready:.2f} s; {memory:.0f} MB at most."
    )


def read(folder: Path) -> list[Image.Image]:
    """The folder's images, repeated until there are enough."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".png"})
    found = [open_image(path.read_bytes(), ImageLimits()) for path in files[:IMAGES]]
    return [found[number % len(found)] for number in range(IMAGES)]


def measure(
    bundle: Bundle, images: list[Image.Image], precision: str
) -> tuple[float, NDArray[np.float32]]:
    """Images a second through the network alone, and their embeddings float32 [n, dimension]."""
    settings = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": THREADS}
    network = openvino.Core().compile_model(str(bundle.path / NETWORK), "CPU", settings)
    preprocessing = bundle.manifest.preprocessing
    squares = np.stack([to_square(image, preprocessing.size) for image in images])
    pixels = (squares * preprocessing.scale + preprocessing.offset).astype(np.float32)
    batches = np.split(pixels, IMAGES // 16)
    found = np.concatenate([embed(np.array(network(batch)[0])) for batch in batches])
    started = time.perf_counter()
    for _ in range(ROUNDS):
        for batch in batches:
            network(batch)
    return ROUNDS * IMAGES / (time.perf_counter() - started), found


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo" / "photos")
