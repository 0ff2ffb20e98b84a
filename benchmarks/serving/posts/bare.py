"""The bare network beside the service: images a second in each precision, nothing else done."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence

import numpy as np
from PIL import Image

from benchmarks.serving.photographs import scaled
from benchmarks.serving.runtimes import precisions
from classifiers import Bundle
from classifiers.runtime import CHUNK

THREADS = 2


class Bare:
    """A bundle's network in float32, bfloat16 and as it is served, four images at once."""

    def __init__(self, bundle: Bundle, jpegs: Sequence[bytes]) -> None:
        pixels = scaled([Image.open(io.BytesIO(one)).convert("RGB") for one in jpegs], bundle)
        whole = len(pixels) // CHUNK * CHUNK
        self._batches = np.split(pixels[:whole], whole // CHUNK)
        self._networks = precisions(bundle, THREADS)
        for network in self._networks.values():
            network(self._batches[0])  # the first pass makes things ready

    def turn(self) -> dict[str, tuple[float, float]]:
        """Each precision: images a second, and the processor's milliseconds an image."""
        count = len(self._batches) * CHUNK
        found = {}
        for name, network in self._networks.items():
            began, busy = time.perf_counter(), time.process_time()
            for batch in self._batches:
                network(batch)
            seconds, busy = time.perf_counter() - began, time.process_time() - busy
            found[name] = (count / seconds, 1000 * busy / count)
        return found
