"""A network in eight-bit integers, its ranges taken from training photographs.

Post-training quantisation by NNCF. Weights use seven of the eight bits in every layer: processors
without VNNI add pairs of products in sixteen bits, which weights of eight bits overflow. With seven
the same photograph gives the same numbers, bit for bit, with AVX2, AVX-512 and VNNI
(tests/classifiers/test_canary.py).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifiers.bundle import NETWORK, WEIGHTS
from classifiers.pixels import to_square
from classifiers.telemetry import keep_quiet
from pictures import ImageError, ImageLimits, open_image
from training.data.photo import Photo
from training.data.sample import rank
from training.errors import TrainingError
from training.fit.aside import HALF, take_place
from training.fit.frozen import Frozen
from training.fit.network import save_network

EXAMPLES = 200


def quantised(
    network: Frozen, size: int, photos: Sequence[Photo], seed: int, cache: Path
) -> Frozen:
    """The network for squares of ``size`` pixels in eight bits, from the cache where it is there.

    ``photos`` are readable training photographs; some of each source are drawn.
    """
    chosen = drawn(photos, seed)
    digest = hashlib.sha256((network.folder / WEIGHTS).read_bytes())
    digest.update(f"{size} {seed} ".encode())
    for photo in chosen:
        digest.update(hashlib.sha256(photo.path.read_bytes()).digest())
    folder = cache / f"{network.backbone.name}-{size}-int8-{digest.hexdigest()[:16]}"
    if not (folder / NETWORK).is_file():
        half = Path(tempfile.mkdtemp(prefix=HALF, dir=cache))
        try:
            _quantise(network, size, chosen, half)
            take_place(half, folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    folder.touch()  # so that it is known when it was used last (``training.fit.prune``)
    return replace(network, folder=folder, size=size, precision="int8")


def examples(photos: Sequence[Photo], size: int, seed: int) -> list[Photo]:
    """What ``drawn`` takes of the photographs that can be read: others take their places.

    Raises TrainingError where none can.
    """
    left, chosen = list(photos), drawn(photos, seed)
    while broken := {photo.path for photo in chosen if not _opens(photo, size)}:
        left = [photo for photo in left if photo.path not in broken]
        chosen = drawn(left, seed)
    if not chosen:
        raise TrainingError("None of the photographs could be read.")
    return chosen


def _opens(photo: Photo, size: int) -> bool:
    try:
        open_image(photo.path.read_bytes(), ImageLimits(), at_least=2 * size)
    except (ImageError, OSError, ValueError):
        return False
    return True


def drawn(photos: Sequence[Photo], seed: int) -> list[Photo]:
    """At most ``EXAMPLES``, in turn from each source, each source's in the order of ``rank``."""
    queues: dict[str, list[Photo]] = defaultdict(list)
    for photo in sorted(photos, key=lambda one: rank(one, seed), reverse=True):
        queues[photo.source or ""].append(photo)
    chosen: list[Photo] = []
    while len(chosen) < min(EXAMPLES, len(photos)):
        chosen += [queues[source].pop() for source in sorted(queues) if queues[source]]
    return chosen[:EXAMPLES]


def _quantise(network: Frozen, size: int, photos: Sequence[Photo], folder: Path) -> None:
    keep_quiet()
    import nncf  # here, because it takes seconds to import and most commands need none
    import openvino

    def pixels(photo: Photo) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        image = open_image(photo.path.read_bytes(), ImageLimits(), at_least=2 * size)
        scaled = to_square(image, size)[None].astype(np.float32) * network.backbone.scale
        return np.asarray(scaled + network.backbone.offset, np.float32)

    model = openvino.Core().read_model(network.folder / NETWORK)
    model.reshape([-1, size, size, 3])
    found = nncf.quantize(
        model,
        nncf.Dataset(list(photos), pixels),
        subset_size=len(photos),
        preset=nncf.QuantizationPreset.MIXED,
        target_device=nncf.TargetDevice.CPU,
        advanced_parameters=nncf.AdvancedQuantizationParameters(
            overflow_fix=nncf.OverflowFix.ENABLE
        ),
    )
    save_network(found, folder)
